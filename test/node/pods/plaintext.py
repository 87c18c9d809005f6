"""Counts what crosses the node's network between pods on some ports, by what it is.

Runs in the node's network namespace. Every packet is seen once: when it leaves a pod. Arguments, each a list with
commas: the ports; the node's own addresses (the kubelet's probes of other pods are no traffic between pods); the
addresses of pods that are known to speak plaintext (intruders outside of the mesh: their requests do not count, an
answer to them does). Ends with one JSON line when its input is closed.
"""
import json
import socket
import struct
import sys
import threading

ports = {int(port) for port in sys.argv[1].split(",")}


def addresses(text):
    return {socket.inet_aton(address) for address in text.split(",") if address}


node, outsiders = addresses(sys.argv[2]), addresses(sys.argv[3])
counted = {"tls": 0, "plaintextRequests": 0, "plaintextResponses": 0, "other": 0}
verbs = (b"GET ", b"POST ", b"PUT ", b"DELETE ", b"PRI * ", b"HEAD ")


def kind_of(payload, source):
    if payload[0] in (0x14, 0x15, 0x16, 0x17) and payload[1:2] == b"\x03":
        return "tls"
    if payload.startswith(b"HTTP/1."):
        return "plaintextResponses"
    if payload.startswith(verbs):
        return None if source in outsiders else "plaintextRequests"
    return "other"


def look():
    sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
    while True:
        packet, (_, _, how, *_) = sniffer.recvfrom(65535)
        if how == socket.PACKET_OUTGOING or packet[9] != 6:
            continue
        head = (packet[0] & 15) * 4
        source_port, target_port = struct.unpack_from("!HH", packet, head)
        if not ports & {source_port, target_port}:
            continue
        total = struct.unpack_from("!H", packet, 2)[0]
        payload = packet[head + (packet[head + 12] >> 4) * 4 : total]
        if not payload or packet[12:16] in node or packet[16:20] in node:
            continue
        kind = kind_of(payload, packet[12:16])
        if kind:
            counted[kind] += 1


threading.Thread(target=look, daemon=True).start()
sys.stdin.read()
print(json.dumps(counted))

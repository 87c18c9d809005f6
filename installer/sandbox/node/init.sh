#!/bin/bash
# Process 1 of a node: prepares its namespaces, then only reaps. What it mounts exists in its own mount namespace, and
# ends with it. Arguments: the node's data folder, the node's address, the
# network of Services.
set -euo pipefail
data=$1
address=$2
services=$3

mount --make-rprivate /
mount -t proc proc /proc
# Sockets, leases and the kubelet's folders: in memory, under short paths, and never the host's own /run.
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/heddle/{kubelet,containerd,volume-plugins,cni,cni-bin} /run/lock
mount --bind "$data/log" /var/log
mount --bind "$data/cni" /run/heddle/cni

# Some paths are fixed in the kubelet, containerd and the CNI library. What they write there stays in memory, above the
# host's folders; the sandbox' own folder, which may lie under one of them, stays what it is.
mkdir /run/heddle/data
mount --bind "$data" /run/heddle/data
above() {
	mkdir -p "/run/heddle/above$1"/{upper,work}
	mount -t overlay overlay -o "lowerdir=$1,upperdir=/run/heddle/above$1/upper,workdir=/run/heddle/above$1/work" "$1"
}
above /var/lib
above /opt
mount --bind /run/heddle/data "$data"

# The kubelet wants kernel settings that are not per namespace. It reads them here, and the kernel keeps its own.
mkdir /run/heddle/tunables
tunable() {
	echo "$2" >"/run/heddle/tunables/${1##*/}"
	mount --bind "/run/heddle/tunables/${1##*/}" "/proc/sys/$1"
}
tunable vm/overcommit_memory 1
tunable vm/panic_on_oom 0
tunable kernel/panic 10
tunable kernel/panic_on_oops 1
tunable kernel/keys/root_maxkeys 1000000
tunable kernel/keys/root_maxbytes 25000000

ip link set lo up
ip addr add "$address/32" dev lo
# A packet to a Service needs a route before kube-proxy's rules give it another destination.
ip route add "$services" dev lo src "$address"
echo 1 >/proc/sys/net/ipv4/ip_forward
# Volumes that the kubelet mounts must reach the containers that run already.
mount --make-rshared /

touch "$data/prepared"
# Bash collects every orphan that ends; `wait` alone would return once there is no child.
while :; do
	sleep infinity &
	wait $! || true
done

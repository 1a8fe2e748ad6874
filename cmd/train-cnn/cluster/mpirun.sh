#!/bin/sh
# One training on the machines of a file, one process each, under Open MPI:
# sh mpirun.sh HOSTFILE; with MPICH: mpirun -f HOSTFILE -ppn 1 instead.
# With the keepalive settings mpirun itself notices a machine that is gone, within
# half a minute; without them it may hang for many.
exec mpirun --hostfile "$1" --map-by ppr:1:node --bind-to none \
	--mca oob_tcp_keepalive_time 10 --mca oob_tcp_keepalive_intvl 5 --mca oob_tcp_keepalive_probes 3 \
	./train-cnn -distributed mpi -net lenet -batch 1024 -shards 8 -out run

#!/bin/sh
# One training on the machines of a file, one process each, under Open MPI:
# sh mpirun.sh HOSTFILE; with MPICH: mpirun -f HOSTFILE -ppn 1 instead.
exec mpirun --hostfile "$1" --map-by ppr:1:node --bind-to none \
	./train-cnn -distributed mpi -net lenet -batch 1024 -shards 8 -out run

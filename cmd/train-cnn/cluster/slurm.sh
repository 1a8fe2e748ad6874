#!/bin/bash
# One training on 4 machines, under Slurm: sbatch slurm.sh
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=8
#SBATCH --signal=USR1@60        # a minute before the time is over: all ranks stop and keep a checkpoint
#SBATCH --time=01:00:00
set -euo pipefail
go_on=()
[ ! -e run/last.safetensors ] || go_on=(-resume run/last.safetensors)
srun --mpi=pmix --kill-on-bad-exit ./train-cnn -distributed mpi -net lenet -batch 1024 -shards 8 -out run "${go_on[@]}"

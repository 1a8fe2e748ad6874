"""Runs cells in a kernel over the Jupyter protocol.

stdin: {"kernel": name, "cells": [{"code": ..., "interrupt_on": text}, ...]}
stdout: [{"status", "error", "stdout", "pictures", "text", "seconds"}, ...],
after one such object for the kernel's start. An interrupt is sent once the
cell has printed the text.
"""
import json
import sys
import time

from jupyter_client.manager import start_new_kernel

TIMEOUT = 120  # seconds for one cell; a cell that hangs fails the test


def run(client, manager, cell):
    begin = time.monotonic()
    result = {"status": "", "error": "", "stdout": "", "text": "", "pictures": []}
    request = client.execute(cell["code"])
    waiting = cell.get("interrupt_on", "")
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            break
        if kind == "stream":
            result["stdout"] += content["text"]
        if kind == "error":
            result["error"] = content["evalue"]
        if kind in ("execute_result", "display_data"):
            result["text"] += content["data"].get("text/plain", "")
            png = content["data"].get("image/png")
            if png:
                result["pictures"].append(png.replace("\n", ""))
        if waiting and waiting in result["stdout"]:
            waiting = ""
            manager.interrupt_kernel()
    while True:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == request:
            break
    result["status"] = reply["content"]["status"]
    result["seconds"] = time.monotonic() - begin
    return result


def main():
    order = json.load(sys.stdin)
    begin = time.monotonic()
    manager, client = start_new_kernel(kernel_name=order["kernel"], startup_timeout=TIMEOUT)
    try:
        results = [{"status": "started", "seconds": time.monotonic() - begin}]
        for cell in order["cells"]:
            results.append(run(client, manager, cell))
            if not manager.is_alive():
                raise SystemExit("the kernel died in: " + cell["code"])
        json.dump(results, sys.stdout)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


main()

"""Scanning a label to receive, pack and count: by the phone's camera, else from a photograph, else typed."""

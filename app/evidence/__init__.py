"""Attachments: what was photographed, recorded or copied, kept byte for byte."""

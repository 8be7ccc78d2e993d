"""What can go wrong with an attachment."""

from app.kit.errors import CATALOGUE

UNSUPPORTED_CHECKSUM = CATALOGUE.kind("unsupported_checksum", 400)
UPLOAD_TOO_SLOW = CATALOGUE.kind("upload_too_slow", 408)
OFFSET_CONFLICT = CATALOGUE.kind("offset_conflict", 409)
UPLOAD_INCOMPLETE = CATALOGUE.kind("upload_incomplete", 409)
ALREADY_RECEIVED = CATALOGUE.kind("already_received", 409)
UNSUPPORTED_TUS_VERSION = CATALOGUE.kind("unsupported_tus_version", 412)
UPLOAD_QUOTA = CATALOGUE.kind("upload_quota", 429)
CHECKSUM_MISMATCH = CATALOGUE.kind("checksum_mismatch", 460)

DIGEST_MISMATCH = CATALOGUE.fault("digest_mismatch")
IMAGE_TOO_LARGE = CATALOGUE.fault("image_too_large")
EMPTY_FILE = CATALOGUE.fault("empty_file")

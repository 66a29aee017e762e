"""How the two processes talk: see ``worker``. Apart, so that who only asks loads no typesetter."""

import struct

SIZE = struct.Struct(">I")
"""The length of what follows, in bytes."""

DONE, FAILED = b"\x01", b"\x00"

#!/usr/bin/env python3
"""The session formats, written down once more, apart from any Rust code.

    by_hand.py write DIR     writes the binary files of versions 1 to 4, which no
                             published release writes
    by_hand.py verify DIR    encodes every expectation below DIR and compares the
                             bytes with the file beside it; reads every database

The same encoder makes versions 1 to 4 and reproduces, byte for byte, what the
releases wrote in versions 5 to 8. That is the reason to trust the former.
"""

import base64
import ipaddress
import json
import pathlib
import sqlite3
import struct
import sys

KINDS = {None: 255, "Broadcast": 0, "Megagroup": 1, "Gigagroup": 2}


def encode(session, version):
    """The bytes of a session in the given version of the binary format."""
    out = bytearray()

    def put(layout, *values):
        out.extend(struct.pack("<" + layout, *values))

    if version >= 2:
        put("B", version)
    put("i", session["home_dc_id"])
    put("B", len(session["dcs"]))
    for dc in session["dcs"]:
        put("i", dc["dc_id"])
        key = dc["auth_key"]
        put("B", key is not None)
        if key is not None:
            assert len(key) == 256
            out.extend(key)
        address = dc["addr"].encode()
        put("qiB", dc["first_salt"], dc["time_offset"], len(address))
        out.extend(address)
        if version >= 3:
            put("B", dc["flags"])
        else:
            assert dc["flags"] == 0, "versions 1 and 2 have no flags"
    if version == 1:
        return bytes(out)

    state = session["updates_state"]
    put("iiii", state["pts"], state["qts"], state["date"], state["seq"])
    put("H", len(state["channels"]))
    for channel in state["channels"]:
        put("qi", *channel)

    put("H", len(session["peers"]))
    for peer in session["peers"]:
        kind = 2 if peer["is_chat"] else 1 if peer["is_channel"] else 0
        assert version >= 5 or kind != 2, "chats came with version 5"
        put("qqB", peer["id"], peer["access_hash"], kind)
        if version >= 6:
            put("B", KINDS[peer["channel_kind"]])
        else:
            assert peer["channel_kind"] is None
        if version >= 8:
            put("B", peer["is_community"])
        else:
            assert not peer["is_community"]

    if version >= 4:
        put("H", len(session["min_peers"]))
        for peer in session["min_peers"]:
            put("qqi", peer["user_id"], peer["peer_id"], peer["msg_id"])
    else:
        assert not session["min_peers"]

    token = session["future_auth_token"]
    if version >= 7:
        put("B", token is not None)
        if token is not None:
            put("H", len(token))
            out.extend(token)
    else:
        assert token is None
    return bytes(out)


def encode_compact(fields):
    """The bytes of a compact string, which are big-endian."""
    address = ipaddress.ip_address(fields["ip"])
    out = struct.pack(">BBB", fields["version"], fields["dc_id"], address.version)
    out += address.packed
    out += struct.pack(">Hq", fields["port"], fields["user_id"])
    if fields["version"] == 1:
        out += struct.pack(">qII", fields["server_salt"], fields["seq_no"], fields["layer"])
    return out + bytes(fields["auth_key"])


def text(data):
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# What the files hold. The addresses are those set aside for documentation.


def key(seed):
    return [(i * 7 + seed) % 256 for i in range(256)]


def dc(dc_id, addr, auth_key=None, first_salt=0, time_offset=0, flags=0):
    return {
        "dc_id": dc_id,
        "addr": addr,
        "auth_key": auth_key,
        "first_salt": first_salt,
        "time_offset": time_offset,
        "flags": flags,
    }


def peer(peer_id, access_hash, is_channel=False):
    return {
        "id": peer_id,
        "access_hash": access_hash,
        "is_channel": is_channel,
        "is_chat": False,
        "channel_kind": None,
        "is_community": False,
    }


def session(home, dcs, state=(0, 0, 0, 0), channels=(), peers=(), min_peers=()):
    return {
        "home_dc_id": home,
        "dcs": list(dcs),
        "updates_state": {
            **dict(zip(("pts", "qts", "date", "seq"), state)),
            "channels": [list(c) for c in channels],
        },
        "peers": list(peers),
        "min_peers": [
            {"user_id": u, "peer_id": p, "msg_id": m} for u, p, m in min_peers
        ],
        "future_auth_token": None,
    }


def full(version):
    """As much as the version can hold."""
    dcs = [
        dc(2, "192.0.2.2:443", key(2), 0x1122334455667788, -3),
        dc(1, "192.0.2.1:443", key(1), -0x1122334455667788, 0),
        dc(3, "192.0.2.3:443"),
        dc(4, "192.0.2.4:80", key(4), 4, 86400),
        dc(5, "192.0.2.5:5222"),
    ]
    if version >= 3:
        dcs[1]["flags"] = 16
        dcs += [
            dc(2, "[2001:db8::2]:443", flags=1),
            dc(2, "198.51.100.2:443", key(2), 0x1122334455667788, -3, 2),
            dc(4, "[2001:db8::4:0:1]:443", flags=3),
            dc(203, "203.0.113.203:443", key(203), 203, 0, 8),
        ]
    if version == 1:
        return session(2, dcs)
    return session(
        2,
        dcs,
        (123456, 789, 1700000000, 42),
        [(1001, 10), (1234567890, 2000000000), (5000000000, 1)],
        [
            peer(101, 0x0123456789ABCDEF),
            peer(102, -1),
            peer(103, 0),
            peer(7000000104, -(2**63)),
            peer(1001, 0x1001, True),
            peer(1002, -0x1002, True),
            peer(1005, 0, True),
            # One bare id, numbered separately for users and channels.
            peer(777000, 0x7770000000000001),
            peer(777000, 0x7770000000000002, True),
        ],
        [(301, 1001, 5001), (302, 101, 5002), (7000000303, 1002, 2**31 - 1)]
        if version >= 4
        else [],
    )


def minimal(home):
    return session(home, [dc(home, f"192.0.2.{home}:443", key(home), 0x0102030405060708, 1)])


def by_hand():
    """Name, version and session of every file written by hand."""
    # A version 1 file has no version byte. Its first byte is the low byte of the
    # home DC, which for 2 to 5 is also the number of a later version.
    for home in range(1, 6):
        yield f"v1-by-hand-minimal-home-{home}", 1, minimal(home)
    for home in range(1, 6):
        yield f"v1-by-hand-full-home-{home}", 1, {**full(1), "home_dc_id": home}
    for version in (2, 3, 4):
        yield f"v{version}-by-hand-full", version, full(version)
        yield f"v{version}-by-hand-minimal", version, minimal(2)
        yield f"v{version}-by-hand-empty", version, session(0, [])


def dumps(value):
    """The layout of the expectations that the generator writes: one record a line."""

    def short(v):
        return json.dumps(v, separators=(",", ":"))

    def block(items, indent):
        if not items:
            return "[]"
        return "[\n" + ",\n".join(f"{indent}  {short(i)}" for i in items) + f"\n{indent}]"

    state = value["updates_state"]
    counters = "".join(f'    "{n}": {state[n]},\n' for n in ("pts", "qts", "date", "seq"))
    return (
        f'{{\n  "home_dc_id": {value["home_dc_id"]},\n'
        f'  "dcs": {block(value["dcs"], "  ")},\n'
        f'  "updates_state": {{\n{counters}'
        f'    "channels": {block(state["channels"], "    ")}\n  }},\n'
        f'  "peers": {block(value["peers"], "  ")},\n'
        f'  "min_peers": {block(value["min_peers"], "  ")},\n'
        f'  "future_auth_token": {short(value["future_auth_token"])}\n}}\n'
    )


def write(directory):
    binary = directory / "binary"
    binary.mkdir(parents=True, exist_ok=True)
    for name, version, value in by_hand():
        (binary / f"{name}.session").write_bytes(encode(value, version))
        (binary / f"{name}.expected.json").write_text(dumps(value))


def read_database(path):
    """The session in the tables of a release, without any code of a release."""
    # `immutable`: nothing is created beside the file, although it asks for a log.
    db = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",), path
    meta = dict(db.execute("SELECT key, value FROM meta"))
    if not meta:
        return None
    columns = {row[1] for row in db.execute("PRAGMA table_info(peers)")}
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}

    def column(name, default):
        return name if name in columns else default

    names = {number: name for name, number in KINDS.items() if name}
    value = session(
        meta["home_dc_id"],
        [
            dc(i, addr, None if k is None else list(k), salt, offset, flags)
            for i, flags, addr, k, salt, offset in db.execute(
                "SELECT dc_id, flags, addr, auth_key, first_salt, time_offset FROM dcs"
            )
        ],
        db.execute("SELECT pts, qts, date, seq FROM update_state").fetchone()
        or (0, 0, 0, 0),
        db.execute("SELECT channel_id, pts FROM channel_pts"),
        [
            {
                **peer(i, access_hash, bool(channel)),
                "is_chat": bool(chat),
                "channel_kind": names.get(kind),
                "is_community": bool(community),
            }
            for i, access_hash, channel, chat, kind, community in db.execute(
                "SELECT id, access_hash, is_channel,"
                f" {column('is_chat', '0')}, {column('channel_kind', 'NULL')},"
                f" {column('is_community', '0')} FROM peers"
            )
        ],
        db.execute("SELECT user_id, peer_id, msg_id FROM min_peers")
        if "min_peers" in tables
        else [],
    )
    token = meta.get("future_auth_token")
    value["future_auth_token"] = None if token is None else list(token)
    return value


def normal(value):
    """One entry per DC and class, in order: the one with a key, else the first."""
    if value is None:
        return None
    dcs = {}
    for entry in value["dcs"]:
        identity = (entry["dc_id"], entry["flags"] & 0b1011)
        if identity not in dcs or (
            dcs[identity]["auth_key"] is None and entry["auth_key"] is not None
        ):
            dcs[identity] = entry
    value = dict(value, dcs=[dcs[i] for i in sorted(dcs)])
    value["peers"] = sorted(value["peers"], key=json.dumps)
    value["min_peers"] = sorted(value["min_peers"], key=json.dumps)
    state = value["updates_state"]
    value["updates_state"] = dict(state, channels=sorted(state["channels"]))
    return value


# Fields that releases before 0.5.2, 0.6.4 and 0.6.5 do not write to JSON, and
# what a reader must take them for.
ABSENT = {"channel_kind": None, "is_community": False}


def verify(directory):
    checked = 0

    def same(path, found, expected):
        nonlocal checked
        if found != expected:
            sys.exit(f"{path}: not what the format description gives")
        checked += 1

    def load(path, kind="expected"):
        return json.loads(path.with_suffix(f".{kind}.json").read_text())

    for path in sorted(directory.glob("binary/*.session")):
        version = int(path.name[1 : path.name.index("-")])
        same(path, path.read_bytes(), encode(load(path), version))
    for path in sorted(directory.glob("strings/*.txt")):
        if path.name.startswith("compact-"):
            same(path, path.read_text(), text(encode_compact(load(path, "fields"))))
        else:
            version = int(path.name[1 : path.name.index("-")])
            same(path, path.read_text(), text(encode(load(path), version)))
    for path in sorted(directory.glob("json/*.json")):
        release, case = path.stem.split("-", 1)
        (beside,) = directory.glob(f"binary/v?-{release}-{case}.expected.json")
        found = json.loads(path.read_text())
        found["peers"] = [{**ABSENT, **p} for p in found["peers"]]
        found.setdefault("future_auth_token", None)
        same(path, found, json.loads(beside.read_text()))
    for path in sorted(directory.glob("sqlite/*.db")):
        same(path, normal(read_database(path)), normal(load(path)))
    print(f"{checked} files agree with the format description")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", where]:
            write(pathlib.Path(where))
        case ["verify", where]:
            verify(pathlib.Path(where))
        case _:
            sys.exit(__doc__)

/// How many allocations an operation may make: the number measured in a release build, plus a small margin.
///
/// Lower a budget when an allocation is removed; raise it only deliberately, with the reason in the commit. Hashing and
/// verifying signatures allocate only within OpenSSL: version 3.0 makes a new context of 112 bytes for each hash.
enum Budgets {
  static let file = "Benchmarks/Core/Budgets.swift"

  /// The budgets by section and by the name of the line. Every line has one.
  static let allocations: [String: [String: Double]] = [
    "codec": [
      "transaction: draft, add a signature, assemble": 5.1,
      "transaction: decode": 1.05,
      "block of 1000 transfers: assemble": 2.1,
      "block of 1000 transfers: decode": 3.1,
      "notarize vote: encode": 1.05,
      "notarize vote: decode": 0,
      "certificate of 4 validators: encode": 2.1,
      "certificate of 4 validators: decode": 3.1,
      "certificate of 100 validators: encode": 2.1,
      "certificate of 100 validators: decode": 7.1,
    ],
    "hash": [
      "hash of 73 bytes, p256-sha256": 1.05,
      "hash of 73 bytes, sm2-sm3": 1.05,
    ],
    "verify": [
      "one check on one core (wall)": 38,
      "batch of 64 on one core (wall)": 38,
      "verify pool, requests of 1 (wall)": 42,
      "verify pool, requests of 64 (wall)": 38,
      "verify pool, requests of 1024 (wall)": 38,
    ],
    "proof": [
      "receipt across 0 closings (wall)": 870,
      "receipt across 1 closings (wall)": 1690,
      "receipt across 10 closings (wall)": 9030,
    ],
    "map": [
      "map: fill, per inserted key": 7,
      "map: replace": 8.5,
      "map: replace again": 8.5,
      "map: half inserted, half deleted": 7.5,
    ],
    "single": [
      "single transfers: decode": 3.1,
      "single transfers: check against the state": 0.001,
      "single transfers: execute without map": 0.04,
      "single transfers: decode, check, execute without map": 3.1,
      "single transfers: entries, map and roots": 15,
      "single transfers: the same, per changed entry": 8,
      "single transfers: all": 18,
      "single transfers: rows for readers": 0.002,
      "single transfers: readers follow": 0.001,
      "single transfers: revert": 13.5,
      "single transfers: prove a balance": 13.5,
    ],
    "batch": [
      "batches of 1000: decode": 0.01,
      "batches of 1000: check against the state": 0.001,
      "batches of 1000: execute without map": 0.001,
      "batches of 1000: decode, check, execute without map": 0.01,
      "batches of 1000: entries, map and roots": 6,
      "batches of 1000: the same, per changed entry": 5,
      "batches of 1000: all": 6,
      "batches of 1000: rows for readers": 0.001,
      "batches of 1000: readers follow": 0.001,
      "batches of 1000: revert": 7.5,
    ],
    "holds": [
      "single holds: a transfer": 18,
      "single holds: a place": 20,
      "single holds: a capture": 17,
    ],
    "hold-batches": [
      "batches of 1000 holds: a transfer": 8,
      "batches of 1000 holds: a place": 10.5,
      "batches of 1000 holds: a capture": 7.5,
    ],
    "expiry": [
      "expired holds: a return": 14
    ],
    "snapshot": [
      "snapshot: copy": 0.01,
      "snapshot: longest piece of 4096 rows": 50,
      "snapshot: sort into chunks": 1.05,
      "snapshot: decode and hash": 4.1,
      "snapshot: fill the tables": 0.01,
      "snapshot: load, on one core": 4.1,
    ],
    "log": [
      "log: append 300 bytes, no sync": 0.001,
      "log: append 4 KiB and sync, median (wall)": 6.5,
      "bare: pwrite 4 KiB and fdatasync, median (wall)": 0,
      "log: append 64 KiB and sync, median (wall)": 6.5,
      "bare: pwrite 64 KiB and fdatasync, median (wall)": 0,
      "log: append 1 MiB and sync, median (wall)": 7,
      "bare: pwrite 1 MiB and fdatasync, median (wall)": 0,
    ],
    "consensus": [
      "consensus of 4: one input": 0.91,
      "consensus of 4: a final view at one validator": 15.5,
      "consensus of 31: one input": 0.172,
      "consensus of 31: a final view at one validator": 21.5,
    ],
    "frames": [
      "frame of 200 bytes: lay out for the socket": 0.001,
      "frame of 200 bytes: cut out of what arrived": 1.05,
      "frame of 1 MiB: lay out for the socket": 0.05,
      "frame of 1 MiB: cut out of what arrived": 1.05,
      "frame of 200 bytes: there and back over TLS, median (wall)": 24,
    ],
  ]
}

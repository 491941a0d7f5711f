/// What work costs on the machine of a simulated node. Without such costs every step is free and only the network, the
/// disk and signature checks take time.
///
/// Times are nanoseconds, measured on a virtual machine (AMD EPYC, two cores, release build). *Loaded cluster*: what a
/// node spends on a transaction at saturation, by `roadbed bench` (Documentation/benchmarks.md): 62 µs on checks, 15 on the
/// replica's thread, 3 on the log, 3 on peers, and 11 on index and clients, which are no part of this. `core-bench`:
/// single operations. Nothing here is drawn at random.
package struct SimulatedCosts: Equatable, Sendable {
  // MARK: Signature checks
  /// Cores that check signatures and do nothing else.
  package var cores = 4
  /// One P-256 check on a loaded cluster.
  package var check: UInt64 = 62_000
  /// One P-256 signature under an own vote, made inside the step.
  package var sign: UInt64 = 29_000

  // MARK: The replica's thread
  // A single transfer of 260 bytes costs about 15 µs there in all, on a loaded cluster: up to 0.8 µs each time that it is
  // decoded (`core-bench codec`), the rest shared out between pool and execution.
  /// Taking one input and giving out what it leads to: 1.0 to 1.5 µs for a vote, its checked signature, or a
  /// certificate, for 4 and for 100 validators.
  package var input: UInt64 = 1500
  /// Decoding and hashing, or assembling, one byte of transactions or blocks.
  package var contentByte: UInt64 = 3
  /// Taking one transaction into the pool, and out of it again.
  package var admission: UInt64 = 5500
  /// Executing one transaction of one transfer: checks against the state, entries, state map and roots.
  package var execution: UInt64 = 8000

  // MARK: The network thread, one for all links
  /// One frame in or out.
  package var frame: UInt64 = 1200
  /// TLS for one byte, in or out.
  package var networkByte: UInt64 = 1

  // MARK: The line
  /// Bits a second that a node can send, and as many that it can receive at the same time; what is sent to different
  /// peers shares it.
  package var bandwidth: UInt64 = 1_000_000_000

  // MARK: The disk
  /// A sync, and what each byte adds to it: 0.12 ms with 4 KiB, 0.25 with 64 KiB, 1.6 with 1 MiB, over prepared space.
  package var sync: UInt64 = 120_000
  package var syncPerKibibyte: UInt64 = 1450

  package init() {}

  func line(bytes: Int) -> UInt64 { UInt64(Double(bytes) * 8e9 / Double(bandwidth)) }
  func network(bytes: Int) -> UInt64 { frame + networkByte * UInt64(bytes) }
  func sync(bytes: Int) -> UInt64 { sync + syncPerKibibyte * UInt64(bytes) / 1024 }
}

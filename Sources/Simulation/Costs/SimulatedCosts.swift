/// What work costs on the machine of a simulated node. Without costs every step is free, and only the network, the disk
/// and signature checks take time.
///
/// Times are nanoseconds, measured on a virtual machine (AMD EPYC, two cores, release build). *Loaded cluster* means
/// what a node spends on a transaction at saturation according to `roadbed bench` (Documentation/benchmarks.md): 62 µs
/// on checks, 15 µs on the replica's thread, 3 µs on the log, 3 µs on peers, and 11 µs on the query index and clients,
/// which this type does not include. `core-bench` measured single operations. Nothing here is random.
package struct SimulatedCosts: Equatable, Sendable {
  // MARK: Signature checks
  /// The number of cores that only check signatures.
  package var cores = 4
  /// One P-256 check on a loaded cluster.
  package var check: UInt64 = 62_000
  /// Making one P-256 signature for a vote of the node, inside the step.
  package var sign: UInt64 = 29_000

  // MARK: The replica's thread
  // On a loaded cluster, a single transfer of 260 bytes costs this thread about 15 µs: up to 0.8 µs for each decoding
  // (`core-bench codec`), and the rest divided between mempool and execution.
  /// Receiving one input and handing out its effects: 1.0 to 1.5 µs for a vote, its checked signature, or a
  /// certificate, with 4 and with 100 validators.
  package var input: UInt64 = 1500
  /// Decoding and hashing, or assembling, one byte of a transaction or block.
  package var contentByte: UInt64 = 3
  /// Adding one transaction to the mempool and removing it again.
  package var admission: UInt64 = 5500
  /// Executing a transaction with one transfer: checks against the state, entries, Merkle map and roots.
  package var execution: UInt64 = 8000

  // MARK: The network thread, one for all links
  /// Sending or receiving one frame.
  package var frame: UInt64 = 1200
  /// TLS for one byte, sent or received.
  package var networkByte: UInt64 = 1

  // MARK: The line
  /// Bits per second that a node can send to all its peers together, and receive at the same time.
  package var bandwidth: UInt64 = 1_000_000_000

  // MARK: The disk
  /// A sync, and what each KiB adds to it: 0.12 ms with 4 KiB, 0.25 ms with 64 KiB, 1.6 ms with 1 MiB, in preallocated
  /// space.
  package var sync: UInt64 = 120_000
  package var syncPerKibibyte: UInt64 = 1450

  package init() {}

  func line(bytes: Int) -> UInt64 { UInt64(Double(bytes) * 8e9 / Double(bandwidth)) }
  func network(bytes: Int) -> UInt64 { frame + networkByte * UInt64(bytes) }
  func sync(bytes: Int) -> UInt64 { sync + syncPerKibibyte * UInt64(bytes) / 1024 }
}

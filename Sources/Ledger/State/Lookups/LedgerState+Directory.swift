package import Primitives

extension LedgerState {
  /// The nodes of the directory as of the last settled block: those of genesis first, in its order.
  package var settledNodes: [DirectoryEntry] {
    (0..<UInt32(directory.count)).compactMap { directory.settled($0)?.node }
  }

  /// When a validator's member last changed its vote key without the administrators; nil if it never did since it became one.
  package func settledKeyChange(of validator: Name) -> Timestamp? { keyChanges.settled(validator)?.time }
}

public import Ledger
public import Primitives

/// A transaction that is not known to be final but may be applied, with everything needed to query it or send it again.
///
/// Sending the same bytes again is safe, because they are applied at most once. Building the transaction again, with
/// another nonce, makes a different transaction: if both are applied, an amount moves twice.
public struct PendingTransaction: Hashable, Sendable {
  public var id: Digest
  /// The last block time at which it may be applied; nil if neither the caller nor a node gave it.
  public var validUntil: Timestamp?
  /// Its canonical bytes; nil if the client was only asked to wait for it.
  public var bytes: [UInt8]?

  public init(id: Digest, validUntil: Timestamp? = nil, bytes: [UInt8]? = nil) {
    self.id = id
    self.validUntil = validUntil
    self.bytes = bytes
  }

  public init(_ transaction: SignedTransaction) {
    self.init(id: transaction.id, validUntil: transaction.validUntil, bytes: transaction.bytes)
  }

  /// How much longer the transaction may be applied, by this machine's clock; never negative, nil if not known.
  var timeLeft: Duration? {
    validUntil.map { end in
      let now = Timestamp.now
      return end > now ? .milliseconds(Int64(clamping: end.rawValue - now.rawValue)) : .zero
    }
  }
}

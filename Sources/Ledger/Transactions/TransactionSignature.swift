public import Primitives

/// One key's signature on a transaction, in the name of a member.
///
/// It carries the key so that checking it needs nothing but the transaction's bytes; that the key is one of
/// the member's is a look-up in the state.
@frozen
public struct TransactionSignature: Hashable, Sendable, BitwiseCopyable {
  public let member: Name
  public let key: PublicKey
  public let signature: Signature

  public init(member: Name, key: PublicKey, signature: Signature) {
    self.member = member
    self.key = key
    self.signature = signature
  }

  /// Member, key, signature.
  public func encode(into writer: inout Writer) {
    member.encode(into: &writer)
    writer.publicKey(key)
    writer.signature(signature)
  }

  public init(from reader: inout Reader) throws(CodecError) {
    member = try Name(from: &reader, "signer")
    key = try reader.publicKey()
    signature = try reader.signature()
  }

  /// Whether this must stand before `other`: by member, then by key.
  func precedes(_ other: TransactionSignature) -> Bool {
    member != other.member ? member < other.member : key < other.key
  }
}

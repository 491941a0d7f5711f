public import Primitives

/// The signature of one key on a transaction, in the name of a member.
///
/// It includes the key, so that verification requires only the transaction's bytes. Whether the key belongs to the
/// member is looked up in the state.
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

  /// Writes member, key and signature.
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

  /// Whether this signature must come before `other`, by member, then by key.
  func precedes(_ other: TransactionSignature) -> Bool {
    member != other.member ? member < other.member : key < other.key
  }
}

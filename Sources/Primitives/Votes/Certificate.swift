/// A quorum's votes for one statement: a notarization, a nullification or a finalization.
///
/// A certificate proves itself, so it may come from anyone. Decoding checks only its form. Whether the signers belong
/// to the epoch's set, whether they are a quorum and whether the signatures are valid is checked where the set is
/// known.
public struct Certificate: Hashable, Sendable {
  public var statement: Statement
  /// The signers, in strictly ascending order; encoded as a bitmap.
  public var signers: [ValidatorIndex]
  /// The signatures, in the same order.
  public var signatures: [Signature]

  public init(statement: Statement, signers: [ValidatorIndex], signatures: [Signature]) {
    precondition(signers.count == signatures.count, "\(signers.count) signers, \(signatures.count) signatures")
    self.statement = statement
    self.signers = signers
    self.signatures = signatures
  }

  public var kind: Statement.Kind { statement.kind }
  public var view: View { statement.view }
  public var round: Round { statement.round }

  /// Whether the certificate is of the set's epoch, and exactly a quorum of the set signed it, with no outsider
  /// (attack C16). More signatures are refused, because they would be a second encoding of the same proof.
  public func hasQuorum(of set: ValidatorSet) -> Bool {
    guard statement.epoch == set.epoch, let last = signers.last, set.contains(last) else { return false }
    if Mutation.anyCertificate.isOn { return true }
    return signers.count == set.quorum.size
  }

  /// Writes the statement, the length of the bitmap in bytes, the bitmap (bit i % 8 of byte i / 8 is validator i; the
  /// last byte is not zero) and the signatures.
  public func encode(into writer: inout Writer) {
    statement.encode(into: &writer)
    var bitmap = [UInt8](repeating: 0, count: signers.last.map { Int($0.rawValue) / 8 + 1 } ?? 0)
    for signer in signers { bitmap[Int(signer.rawValue) / 8] |= 1 << (signer.rawValue % 8) }
    writer.shortBytes(bitmap)
    for signature in signatures { writer.signature(signature) }
  }

  public init(from reader: inout Reader) throws(CodecError) {
    statement = try Statement(from: &reader)
    let bitmap = try reader.shortBytes(limit: Limits.validators / 8, "signer bitmap")
    guard let last = bitmap.last else { throw .invalid(field: "signer bitmap") }
    guard last != 0 else { throw .notCanonical(field: "signer bitmap") }
    var signers: [ValidatorIndex] = []
    for (position, byte) in bitmap.enumerated() {
      for bit in 0..<8 where byte & (1 << bit) != 0 { signers.append(ValidatorIndex(UInt16(position * 8 + bit))) }
    }
    var signatures: [Signature] = []
    signatures.reserveCapacity(signers.count)
    for _ in signers { signatures.append(try reader.signature()) }
    self.signers = signers
    self.signatures = signatures
  }
}

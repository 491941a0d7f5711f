public import Cryptography
public import Ledger

/// A member and the key with which it signs.
public struct Signer: Sendable {
  public var member: Name
  public var key: any SigningKey

  public init(member: Name, key: any SigningKey) {
    self.member = member
    self.key = key
  }
}

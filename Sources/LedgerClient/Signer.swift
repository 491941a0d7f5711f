public import Cryptography
public import Ledger

/// A member and its key to sign with.
public struct Signer: Sendable {
  public var member: Name
  public var key: PrivateKey

  public init(member: Name, key: PrivateKey) {
    self.member = member
    self.key = key
  }
}

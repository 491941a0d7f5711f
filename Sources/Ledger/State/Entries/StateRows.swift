public import Primitives

/// What the chain as a whole is set to.
public struct ChainParameters: Hashable, Sendable {
  /// How many administrators must act together for administration.
  public var administratorThreshold: UInt16

  public init(administratorThreshold: UInt16) {
    self.administratorThreshold = administratorThreshold
  }
}

/// A member as the state has it.
public struct Member: Hashable, Sendable {
  public let name: Name
  public var description: String
  public var authority: MemberAuthority
  /// Why it is suspended; nil while it is active.
  public var suspension: String?

  public var isSuspended: Bool { suspension != nil }
  var isActiveAdministrator: Bool { suspension == nil && authority.roles.contains(.administrator) }

  public init(name: Name, description: String, authority: MemberAuthority, suspension: String?) {
    self.name = name
    self.description = description
    self.authority = authority
    self.suspension = suspension
  }
}

/// An account as the state has it.
public struct Account: Hashable, Sendable {
  public let name: AccountName
  public var description: String
  public var isFrozen: Bool

  public init(name: AccountName, description: String, isFrozen: Bool) {
    self.name = name
    self.description = description
    self.isFrozen = isFrozen
  }
}

/// An asset as the state has it.
public struct Asset: Hashable, Sendable {
  public let name: Name
  public var issuer: Name
  public var decimals: UInt8
  public var description: String
  /// Units that exist: issued and not retired.
  public var supply: Amount

  public init(name: Name, issuer: Name, decimals: UInt8, description: String, supply: Amount) {
    self.name = name
    self.issuer = issuer
    self.decimals = decimals
    self.description = description
    self.supply = supply
  }
}

/// What an account holds of one asset.
public struct Balance: Hashable, Sendable {
  public let asset: Name
  public var amount: Amount

  public init(asset: Name, amount: Amount) {
    self.asset = asset
    self.amount = amount
  }
}

/// One version of an anchored record.
public struct RecordVersion: Hashable, Sendable {
  public let collection: CollectionName
  public let key: String
  /// From 1 on.
  public var version: UInt64
  public var author: Name
  /// The digest of the document, as its author gave it.
  public var content: Digest
  public var metadata: [UInt8]
  /// The time of the block that anchored it.
  public var time: Timestamp

  public init(
    collection: CollectionName, key: String, version: UInt64, author: Name, content: Digest, metadata: [UInt8],
    time: Timestamp
  ) {
    self.collection = collection
    self.key = key
    self.version = version
    self.author = author
    self.content = content
    self.metadata = metadata
    self.time = time
  }
}

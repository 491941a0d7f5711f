public import Cryptography
public import Primitives

/// One entry of the state: a key and its value, in the form that is hashed, proved and kept in snapshots.
public enum StateEntry: Hashable, Sendable {
  case parameters(ChainParameters)
  case member(Member)
  case account(Account)
  case asset(Asset)
  /// The amount is not zero.
  case balance(AccountName, asset: Name, amount: Amount)
  case collection(CollectionName, owner: Name)
  case record(RecordVersion)
  case recordVersion(RecordVersion)
  case remembered(RememberedGroup)

  public var key: StateKey {
    switch self {
    case .parameters: .parameters
    case .member(let member): .member(member.name)
    case .account(let account): .account(account.name)
    case .asset(let asset): .asset(asset.name)
    case .balance(let account, let asset, _): .balance(account, asset: asset)
    case .collection(let name, _): .collection(name)
    case .record(let record): .record(record.collection, key: record.key)
    case .recordVersion(let record):
      .recordVersion(record.collection, key: record.key, version: record.version)
    case .remembered(let group): .remembered(group.height, group: group.number)
    }
  }

  /// The value's bytes, without the key (Documentation/formats-state.md).
  public func encodeValue(into writer: inout Writer) {
    switch self {
    case .parameters(let parameters):
      writer.integer(parameters.administratorThreshold)
    case .member(let member):
      writer.text(member.description)
      member.authority.encode(into: &writer)
      writer.byte(member.isSuspended ? 1 : 0)
      if let reason = member.suspension { writer.text(reason) }
    case .account(let account):
      writer.byte(account.isFrozen ? 1 : 0)
      writer.text(account.description)
    case .asset(let asset):
      asset.issuer.encode(into: &writer)
      writer.byte(asset.decimals)
      asset.supply.encode(into: &writer)
      writer.text(asset.description)
    case .balance(_, _, let amount):
      amount.encode(into: &writer)
    case .collection(_, let owner):
      owner.encode(into: &writer)
    case .record(let record):
      writer.integer(record.version)
      record.encodeContent(into: &writer)
    case .recordVersion(let record):
      record.encodeContent(into: &writer)
    case .remembered(let group):
      group.encode(into: &writer)
    }
  }

  /// Decodes the value that stands under `key`.
  public init(key: StateKey, from reader: inout Reader) throws(CodecError) {
    switch key {
    case .parameters:
      let threshold: UInt16 = try reader.integer()
      guard threshold > 0 else { throw .invalid(field: "administrator threshold (must not be zero)") }
      self = .parameters(ChainParameters(administratorThreshold: threshold))
    case .member(let name):
      let description = try Self.text(&reader, "description")
      let authority = try MemberAuthority(from: &reader)
      let suspension = try Self.flag(&reader, "suspension flag") ? try Self.text(&reader, "reason") : nil
      self = .member(Member(name: name, description: description, authority: authority, suspension: suspension))
    case .account(let name):
      let isFrozen = try Self.flag(&reader, "frozen flag")
      self = .account(Account(name: name, description: try Self.text(&reader, "description"), isFrozen: isFrozen))
    case .asset(let name):
      let issuer = try Name(from: &reader, "issuer")
      let decimals = try reader.byte()
      guard decimals <= Limits.assetDecimals else {
        throw .tooLong(field: "decimals", value: UInt64(decimals), limit: UInt64(Limits.assetDecimals))
      }
      let supply = try Amount(from: &reader)
      let description = try Self.text(&reader, "description")
      self = .asset(
        Asset(name: name, issuer: issuer, decimals: decimals, description: description, supply: supply))
    case .balance(let account, let asset):
      let amount = try Amount(from: &reader)
      guard amount != .zero else { throw .invalid(field: "balance (must not be zero)") }
      self = .balance(account, asset: asset, amount: amount)
    case .collection(let name):
      self = .collection(name, owner: try Name(from: &reader, "owner"))
    case .record(let collection, let key):
      let version: UInt64 = try reader.integer()
      self = .record(
        try RecordVersion(collection: collection, key: key, version: version, contentFrom: &reader))
    case .recordVersion(let collection, let key, let version):
      self = .recordVersion(
        try RecordVersion(collection: collection, key: key, version: version, contentFrom: &reader))
    case .remembered(let height, let group):
      self = .remembered(try RememberedGroup(height: height, number: group, from: &reader))
    }
  }

  private static func text(_ reader: inout Reader, _ field: StaticText) throws(CodecError) -> String {
    try reader.textRange(limit: Limits.descriptionBytes, field).text(in: reader.span)
  }

  private static func flag(_ reader: inout Reader, _ field: StaticText) throws(CodecError) -> Bool {
    let raw = try reader.byte()
    guard raw <= 1 else { throw .unknown(field: field, value: UInt64(raw)) }
    return raw == 1
  }

  /// The value's digest in the state map: H(stateValue, suite, value bytes).
  public func valueDigest(hash: inout HashFunction) -> Digest {
    var writer = Writer(capacity: 256)
    encodeValue(into: &writer)
    return hash.hash(.stateValue, writer.bytes.span.bytes)
  }
}

extension RecordVersion {
  /// Author, content, time, metadata.
  fileprivate func encodeContent(into writer: inout Writer) {
    author.encode(into: &writer)
    writer.digest(content)
    writer.integer(time.rawValue)
    writer.mediumBytes(metadata)
  }

  fileprivate init(
    collection: CollectionName, key: String, version: UInt64, contentFrom reader: inout Reader
  ) throws(CodecError) {
    guard version > 0 else { throw .invalid(field: "record version (from 1)") }
    self.collection = collection
    self.key = key
    self.version = version
    author = try Name(from: &reader, "author")
    content = try reader.digest()
    time = Timestamp(try reader.integer())
    metadata = try reader.mediumRange(limit: Limits.recordMetadataBytes, "metadata").copy(from: reader.span)
  }
}

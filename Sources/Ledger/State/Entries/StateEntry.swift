public import Cryptography
public import Primitives

/// One entry of the state: a key and its value, in the form that is hashed, proved and stored in snapshots.
public enum StateEntry: Hashable, Sendable {
  case parameters(ChainParameters)
  case member(Member)
  case account(Account)
  case asset(Asset)
  /// A balance, whose amount is not zero.
  case balance(AccountName, asset: Name, amount: Amount)
  case collection(CollectionName, owner: Name)
  case record(RecordVersion)
  case remembered(RememberedGroup)
  case configuration(ChainConfiguration)
  case node(DirectoryEntry)
  /// The time of the block in which a validator's member last changed its vote key without the administrators.
  case keyChange(Name, time: Timestamp)
  case hold(Hold)
  /// The cap and the freeze of an asset, of which there is at least one.
  case assetTerms(Name, AssetTerms)

  public var key: StateKey {
    switch self {
    case .parameters: .parameters
    case .member(let member): .member(member.name)
    case .account(let account): .account(account.name)
    case .asset(let asset): .asset(asset.name)
    case .balance(let account, let asset, _): .balance(account, asset: asset)
    case .collection(let name, _): .collection(name)
    case .record(let record): .record(record.collection, key: record.key)
    case .remembered(let group): .remembered(group.height, group: group.number)
    case .configuration: .configuration
    case .node(let node): .node(node.name)
    case .keyChange(let validator, _): .keyChange(validator)
    case .hold(let hold): .hold(hold.from, hold.reference)
    case .assetTerms(let asset, _): .assetTerms(asset)
    }
  }

  /// Writes the bytes of the value, without the key (Documentation/formats-state.md).
  public func encodeValue(into writer: inout Writer) {
    switch self {
    case .parameters(let parameters): parameters.encodeValue(into: &writer)
    case .member(let member): member.encodeValue(into: &writer)
    case .account(let account): account.encodeValue(into: &writer)
    case .asset(let asset): asset.encodeValue(into: &writer)
    case .balance(_, _, let amount): amount.encode(into: &writer)
    case .collection(_, let owner): owner.encode(into: &writer)
    case .record(let record): record.encodeValue(into: &writer)
    case .remembered(let group): group.encode(into: &writer)
    case .configuration(let configuration): configuration.encode(into: &writer)
    case .node(let node): node.encodeValue(into: &writer)
    case .keyChange(_, let time): writer.integer(time.rawValue)
    case .hold(let hold): hold.encodeValue(into: &writer)
    case .assetTerms(_, let terms): terms.encodeValue(into: &writer)
    }
  }

  /// Decodes the value under `key`.
  public init(key: StateKey, from reader: inout Reader) throws(CodecError) {
    switch key {
    case .parameters: self = .parameters(try ChainParameters(valueFrom: &reader))
    case .member(let name): self = .member(try Member(name, valueFrom: &reader))
    case .account(let name): self = .account(try Account(name, valueFrom: &reader))
    case .asset(let name): self = .asset(try Asset(name, valueFrom: &reader))
    case .balance(let account, let asset):
      self = .balance(account, asset: asset, amount: try Balance.amount(&reader))
    case .collection(let name):
      self = .collection(name, owner: try Name(from: &reader, "owner"))
    case .record(let collection, let key):
      self = .record(try RecordVersion(collection: collection, key: key, valueFrom: &reader))
    case .remembered(let height, let group):
      self = .remembered(try RememberedGroup(height: height, number: group, from: &reader))
    case .configuration: self = .configuration(try ChainConfiguration(from: &reader))
    case .node(let name): self = .node(try DirectoryEntry(name, valueFrom: &reader))
    case .keyChange(let validator): self = .keyChange(validator, time: Timestamp(try reader.integer()))
    case .hold(let payer, let reference): self = .hold(try Hold(payer, reference, valueFrom: &reader))
    case .assetTerms(let asset): self = .assetTerms(asset, try AssetTerms(valueFrom: &reader))
    }
  }

  /// The digest of the value in the state map: H(stateValue, suite, value bytes).
  public func valueDigest(hash: inout HashFunction) -> Digest {
    var writer = Writer(capacity: 256)
    encodeValue(into: &writer)
    return hash.hash(.stateValue, writer.bytes.span.bytes)
  }
}

extension Reader {
  /// Reads a byte that must be 0 or 1.
  mutating func flag(_ field: StaticText) throws(CodecError) -> Bool {
    let raw = try byte()
    guard raw <= 1 else { throw .unknown(field: field, value: UInt64(raw)) }
    return raw == 1
  }
}

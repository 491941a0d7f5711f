public import Cryptography
public import Primitives

/// The name of one entry of the state.
public enum StateKey: Hashable, Sendable {
  case parameters
  case member(Name)
  case account(AccountName)
  case asset(Name)
  /// An account's balance of an asset. There is no entry for a balance of zero.
  case balance(AccountName, asset: Name)
  /// A collection of records, owned by the member that first anchored a record in it.
  case collection(CollectionName)
  /// The latest version of a record.
  case record(CollectionName, key: String)
  /// Some of a block's transactions, which cannot be applied again.
  case remembered(Height, group: UInt16)
  /// What the nodes agree on to vote on the blocks above.
  case configuration
  /// How a validator or observer is reached.
  case node(Name)
  /// When the member that runs a validator last changed its vote key without the administrators.
  case keyChange(Name)
  /// What the owner of an account set aside under a reference, while the hold is open.
  case hold(AccountName, HoldReference)
  /// The cap and the freeze of an asset. There is no entry for an asset that has neither.
  case assetTerms(Name)

  /// The first byte of an encoded key. Numbers are never reused.
  enum Kind: UInt8, CaseIterable, BitwiseCopyable {
    case parameters = 0x01
    case member = 0x02
    case account = 0x03
    case asset = 0x04
    case balance = 0x05
    case collection = 0x06
    case record = 0x07
    // 0x08 was an older version of a record, in chains of genesis version 1 and 2; 0x09 a single remembered transaction, in
    // those of version 1.
    case remembered = 0x0A
    case configuration = 0x0B
    case node = 0x0C
    case keyChange = 0x0D
    case hold = 0x0E
    case assetTerms = 0x0F

    /// All kinds, each after the kinds whose rows its own rows refer to. Stored, because `allCases` allocates a new
    /// list.
    static let order = Kind.allCases
  }

  /// Writes the kind byte, then the names as operations encode them (Documentation/formats-state.md).
  public func encode(into writer: inout Writer) {
    switch self {
    case .parameters:
      writer.byte(Kind.parameters.rawValue)
    case .member(let name):
      writer.byte(Kind.member.rawValue)
      name.encode(into: &writer)
    case .account(let name):
      writer.byte(Kind.account.rawValue)
      name.encode(into: &writer)
    case .asset(let name):
      writer.byte(Kind.asset.rawValue)
      name.encode(into: &writer)
    case .balance(let account, let asset):
      writer.byte(Kind.balance.rawValue)
      account.encode(into: &writer)
      asset.encode(into: &writer)
    case .collection(let name):
      writer.byte(Kind.collection.rawValue)
      name.encode(into: &writer)
    case .record(let collection, let key):
      writer.byte(Kind.record.rawValue)
      collection.encode(into: &writer)
      writer.text(key)
    case .remembered(let height, let group):
      writer.byte(Kind.remembered.rawValue)
      writer.integer(height.rawValue)
      writer.integer(group)
    case .configuration:
      writer.byte(Kind.configuration.rawValue)
    case .node(let name):
      writer.byte(Kind.node.rawValue)
      name.encode(into: &writer)
    case .keyChange(let validator):
      writer.byte(Kind.keyChange.rawValue)
      validator.encode(into: &writer)
    case .hold(let payer, let reference):
      writer.byte(Kind.hold.rawValue)
      payer.encode(into: &writer)
      reference.encode(into: &writer)
    case .assetTerms(let asset):
      writer.byte(Kind.assetTerms.rawValue)
      asset.encode(into: &writer)
    }
  }

  public init(from reader: inout Reader) throws(CodecError) {
    let raw = try reader.byte()
    guard let kind = Kind(rawValue: raw) else { throw .unknown(field: "kind of a state key", value: UInt64(raw)) }
    switch kind {
    case .parameters: self = .parameters
    case .member: self = .member(try Name(from: &reader, "member"))
    case .account: self = .account(try AccountName(from: &reader))
    case .asset: self = .asset(try Name(from: &reader, "asset"))
    case .balance: self = .balance(try AccountName(from: &reader), asset: try Name(from: &reader, "asset"))
    case .collection: self = .collection(try CollectionName(from: &reader))
    case .record:
      self = .record(try CollectionName(from: &reader), key: try RecordVersion.keyRange(&reader).text(in: reader.span))
    case .remembered: self = .remembered(Height(try reader.integer()), group: try reader.integer())
    case .configuration: self = .configuration
    case .node: self = .node(try Name(from: &reader, "node"))
    case .keyChange: self = .keyChange(try Name(from: &reader, "validator"))
    case .hold: self = .hold(try AccountName(from: &reader), try HoldReference(from: &reader))
    case .assetTerms: self = .assetTerms(try Name(from: &reader, "asset"))
    }
  }

  /// The digest of the key in the state map: H(stateKey, suite, encoded key).
  public func digest(hash: inout HashFunction) -> Digest {
    var writer = Writer(capacity: 256)
    encode(into: &writer)
    return hash.hash(.stateKey, writer.bytes.span.bytes)
  }
}

extension StateKey: CustomStringConvertible {
  /// The entry in words.
  public var description: String {
    switch self {
    case .parameters: "the parameters"
    case .member(let name): "member \(name)"
    case .account(let name): "account \(name)"
    case .asset(let name): "asset \(name)"
    case .balance(let account, let asset): "the balance of \(asset) in account \(account)"
    case .collection(let name): "collection \(name)"
    case .record(let collection, let key): "record \(key.quoted) of collection \(collection)"
    case .remembered(let height, let group): "group \(group) of the remembered transactions of block \(height)"
    case .configuration: "the configuration"
    case .node(let name): "node \(name) of the directory"
    case .keyChange(let validator): "the last key change by the member of validator \(validator)"
    case .hold(let payer, let reference): "hold \(reference.description.quoted) of account \(payer)"
    case .assetTerms(let asset): "the terms of asset \(asset)"
    }
  }
}

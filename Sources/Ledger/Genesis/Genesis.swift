internal import Cryptography
public import Primitives

/// The starting point of a chain. Its digest names the chain; anyone who has the genesis can verify every receipt.
public struct Genesis: Hashable, Sendable {
  /// The version of the rules for new chains.
  public static let currentVersion: UInt8 = 4
  /// The versions whose chains this program executes.
  static let executedVersions: ClosedRange<UInt8> = 3...currentVersion
  /// The versions whose genesis can be read, so that receipts of older chains stay verifiable.
  static let knownVersions: ClosedRange<UInt8> = 1...currentVersion
  /// The first version whose chains can change their validators.
  static let firstWithEpochs: UInt8 = 3

  /// The version of the chain's rules, which determine how its blocks change the state.
  public var version: UInt8
  public var chainName: Name
  public var suite: Suite
  /// The time of block 0.
  public var timestamp: Timestamp
  /// The message delay Δ, in milliseconds, that the protocol assumes at first. A view waits twice as long for its
  /// leader's proposal (R14).
  public var leaderTimeoutMilliseconds: UInt32
  /// The number of members with the administrator role that must act together.
  public var administratorThreshold: UInt16
  /// In strictly ascending order of names.
  public var members: [GenesisMember]
  /// In the order of their indices.
  public var validators: [GenesisValidator]

  /// Sorts the members, but checks nothing; see `validate`.
  public init(
    version: UInt8 = Genesis.currentVersion, chainName: Name, suite: Suite, timestamp: Timestamp,
    leaderTimeoutMilliseconds: UInt32,
    administratorThreshold: UInt16, members: [GenesisMember], validators: [GenesisValidator]
  ) {
    self.version = version
    self.chainName = chainName
    self.suite = suite
    self.timestamp = timestamp
    self.leaderTimeoutMilliseconds = leaderTimeoutMilliseconds
    self.administratorThreshold = administratorThreshold
    self.members = members.sorted { $0.name < $1.name }
    self.validators = validators
  }

  /// The canonical encoding.
  public var bytes: [UInt8] {
    var writer = Writer(capacity: 256 + 128 * (members.count + validators.count))
    writer.byte(version)
    writer.byte(suite.rawValue)
    chainName.encode(into: &writer)
    writer.integer(timestamp.rawValue)
    writer.integer(leaderTimeoutMilliseconds)
    writer.integer(administratorThreshold)
    writer.count(members.count)
    for member in members { member.encode(into: &writer) }
    writer.count(validators.count)
    for validator in validators { validator.encode(into: &writer) }
    return writer.bytes
  }

  /// Decodes all of `bytes` strictly and validates the result.
  public init(bytes: [UInt8]) throws(GenesisError) {
    guard bytes.count <= Limits.genesisBytes else { throw .tooLarge(bytes: bytes.count) }
    var reader = Reader(bytes.span.bytes)
    if let version = bytes.first, !Self.knownVersions.contains(version) { throw .otherVersion(version) }
    do throws(CodecError) {
      version = try reader.byte()
      let rawSuite = try reader.byte()
      guard let suite = Suite(rawValue: rawSuite) else {
        throw CodecError.unknown(field: "suite", value: UInt64(rawSuite))
      }
      self.suite = suite
      chainName = try Name(from: &reader, "chain name")
      timestamp = Timestamp(try reader.integer())
      leaderTimeoutMilliseconds = try reader.integer()
      administratorThreshold = try reader.integer()
    } catch {
      throw .encoding(error)
    }
    members = try Genesis.decodeMembers(&reader, version)
    validators = try Genesis.decodeValidators(&reader)
    do throws(CodecError) {
      try reader.end()
    } catch {
      throw .encoding(error)
    }
    try checkMeaning()
  }

  private static func decodeMembers(
    _ reader: inout Reader, _ version: UInt8
  ) throws(GenesisError) -> [GenesisMember] {
    let count = try Genesis.count(&reader)
    guard (1...Limits.genesisMembers).contains(count) else { throw .memberCount(count) }
    var members: [GenesisMember] = []
    for index in 0..<count {
      do throws(CodecError) {
        let member = try GenesisMember(from: &reader)
        let roles = member.authority.roles
        guard roles.rules <= max(UInt16(version), UInt16(firstWithEpochs)) else {
          throw CodecError.unknown(field: "roles", value: UInt64(roles.rawValue))
        }
        members.append(member)
      } catch {
        throw .member(index: index, error)
      }
      guard index > 0 else { continue }
      if members[index].name == members[index - 1].name { throw .duplicateMember(members[index].name) }
      if members[index].name < members[index - 1].name {
        throw .member(index: index, .notCanonical(field: "members (ascending by name)"))
      }
    }
    return members
  }

  private static func decodeValidators(_ reader: inout Reader) throws(GenesisError) -> [GenesisValidator] {
    let count = try Genesis.count(&reader)
    guard (1...Limits.validators).contains(count) else { throw .validatorCount(count) }
    var validators: [GenesisValidator] = []
    for index in 0..<count {
      do throws(CodecError) {
        validators.append(try GenesisValidator(from: &reader))
      } catch {
        throw .validator(index: index, error)
      }
    }
    return validators
  }

  private static func count(_ reader: inout Reader) throws(GenesisError) -> Int {
    do throws(CodecError) {
      return Int(try reader.integer(UInt32.self))
    } catch {
      throw .encoding(error)
    }
  }

  /// Throws if this program cannot execute the chain's blocks.
  public func requireExecutedVersion() throws(GenesisError) {
    guard Self.executedVersions.contains(version) else { throw .otherVersion(version) }
  }

  /// Checks everything that decoding checks: limits, names, keys, thresholds and references.
  public func validate() throws(GenesisError) {
    _ = try Genesis(bytes: bytes)
  }
}

// MARK: The chain that genesis names

extension Genesis {
  /// The digest that names the chain, over the tag, the suite byte and the encoding.
  public var digest: Digest {
    var hash = HashFunction(suite)
    return hash.hash(.genesis, bytes.span.bytes)
  }

  public var chain: ChainContext {
    ChainContext(suite: suite, genesis: digest, hasEpochs: version >= Self.firstWithEpochs)
  }

  /// The header of block 0: no transactions, and zero in place of the parent's digests.
  public var header: BlockHeader {
    var hash = HashFunction(suite)
    return BlockHeader(
      height: .genesis, parent: .zero, parentResult: .zero, timestamp: timestamp, transactionCount: 0,
      transactionRoot: MerkleTree.root(of: [], hash: &hash))
  }

  /// The digest of block 0.
  public var blockDigest: Digest {
    var hash = HashFunction(suite)
    return header.digest(chain, hash: &hash)
  }
}

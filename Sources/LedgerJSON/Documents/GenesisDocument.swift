public import Ledger
internal import Primitives

/// The genesis file: what people agree on before a chain starts, as JSON. Only the digest of the canonical bytes is
/// binding; it depends neither on the order of the keys nor on spaces.
public enum GenesisDocument {
  public static let format = format(of: Genesis.currentVersion)

  private static func format(of version: UInt8) -> String { formatName + "\(version)" }
  private static let formatName = "roadbed-genesis/"

  /// Reads and validates a genesis. Errors refer to the document as `document`.
  public static func parse(_ bytes: [UInt8], document: String) throws(DocumentError) -> Genesis {
    let root = try JSONNode.parse(bytes, document: document)
    return try root.object { (reader) throws(DocumentError) in
      let version = try version(try reader.required("format"))
      let genesis = Genesis(
        version: version, chainName: try reader.required("chain").name(),
        suite: try reader.required("suite").text(Allowed.suite) { Suite(name: $0) },
        timestamp: try reader.required("time").time(),
        leaderTimeoutMilliseconds: try reader.required("leaderTimeoutMilliseconds")
          .integer(in: Limits.leaderTimeoutMilliseconds),
        administratorThreshold: try reader.required("administratorThreshold").integer(in: 1...UInt16.max),
        members: try list(try reader.required("members"), member),
        validators: try list(try reader.required("validators"), validator))
      do throws(GenesisError) {
        try genesis.validate()
      } catch {
        throw DocumentError(document: document, path: path(of: error, root, genesis), rule: error)
      }
      try reader.optional("digest")?.expect(genesis.digest.description)
      return genesis
    }
  }

  /// Writes the genesis file of `genesis`.
  public static func render(_ genesis: Genesis) -> [UInt8] {
    JSONWriter.pretty(
      .object([
        "format": .string(format(of: genesis.version)),
        "digest": .text(genesis.digest),
        "chain": .text(genesis.chainName),
        "suite": .string(genesis.suite.name),
        "time": .string(genesis.timestamp.iso8601),
        "leaderTimeoutMilliseconds": .integer(genesis.leaderTimeoutMilliseconds),
        "administratorThreshold": .integer(genesis.administratorThreshold),
        "members": .array(genesis.members.map(render)),
        "validators": .array(genesis.validators.map(render)),
      ]))
  }

  /// The version of the rules in the format name. A name without a version is refused.
  private static func version(_ format: JSONNode) throws(DocumentError) -> UInt8 {
    let text = try format.string()
    guard text.hasPrefix(formatName), let version = UInt8(text.dropFirst(formatName.count)),
      text == Self.format(of: version)
    else { throw format.refused(allowed: "\"\(Self.format)\"") }
    return version
  }

  private static func list<Value>(
    _ node: JSONNode, _ read: (inout JSONObjectReader) throws(DocumentError) -> Value
  ) throws(DocumentError) -> [Value] {
    var values: [Value] = []
    for element in try node.array() { values.append(try element.object(read)) }
    return values
  }

  private static func member(_ reader: inout JSONObjectReader) throws(DocumentError) -> GenesisMember {
    GenesisMember(
      name: try reader.required("name").name(), description: try reader.textOrEmpty("description"),
      authority: try reader.authority())
  }

  private static func validator(_ reader: inout JSONObjectReader) throws(DocumentError) -> GenesisValidator {
    GenesisValidator(
      name: try reader.required("name").name(), member: try reader.required("member").name(),
      voteKey: try reader.required("voteKey").publicKey(), transportKey: try reader.required("transportKey").digest(),
      address: try reader.required("address").string())
  }

  private static func render(_ member: GenesisMember) -> JSONValue {
    .object([
      "name": .text(member.name),
      "description": .string(member.description),
      "roles": .array(member.authority.roles.names.map { .string($0) }),
      "keys": .array(member.authority.keys.map { .text($0) }),
      "threshold": .integer(member.authority.threshold),
    ])
  }

  private static func render(_ validator: GenesisValidator) -> JSONValue {
    .object([
      "name": .text(validator.name),
      "member": .text(validator.member),
      "voteKey": .text(validator.voteKey),
      "transportKey": .text(validator.transportKey),
      "address": .string(validator.address),
    ])
  }

  /// The path of the fault in the file. Genesis sorts its members, so their indices in the file are found by name.
  private static func path(of error: GenesisError, _ root: JSONNode, _ genesis: Genesis) -> String {
    func place(_ list: String, _ name: Name) -> String {
      guard case .object(let members) = root.value, case .array(let elements) = members[list],
        let index = elements.lastIndex(where: { element in
          if case .object(let fields) = element { fields["name"] == .text(name) } else { false }
        })
      else { return list }
      return "\(list)[\(index)]"
    }
    switch error {
    case .otherVersion: return "format"
    case .member(let index, _): return place("members", genesis.members[index].name)
    case .memberKey(let name, _), .sharedMemberKey(_, let name): return place("members", name) + ".keys"
    case .duplicateMember(let name): return place("members", name) + ".name"
    case .memberCount: return "members"
    case .validator(let index, _): return "validators[\(index)]"
    case .duplicateValidator(let name): return place("validators", name) + ".name"
    case .unknownMember(let name, _): return place("validators", name) + ".member"
    case .voteKey(let name, _), .sharedVoteKey(_, let name): return place("validators", name) + ".voteKey"
    case .sharedTransportKey(_, let name): return place("validators", name) + ".transportKey"
    case .sharedAddress(_, let name): return place("validators", name) + ".address"
    case .validatorCount: return "validators"
    case .administratorThreshold: return "administratorThreshold"
    case .leaderTimeout: return "leaderTimeoutMilliseconds"
    case .tooLarge, .encoding: return ""
    }
  }
}

extension JSONNode {
  /// Throws unless the value is the string `text`.
  func expect(_ text: String) throws(DocumentError) {
    guard try string() == text else { throw refused(allowed: "\"\(text)\"") }
  }
}

import Ledger
import LedgerJSON
import Primitives
import TestHarness
import Testing

@Testing.Suite("The genesis file")
struct GenesisDocumentTests {
  /// The sample with the value at `path` (keys and indices) replaced, or removed if `value` is nil.
  private func edited(_ path: [String], _ value: JSONValue?) throws -> [UInt8] {
    func edit(_ node: JSONValue, _ path: ArraySlice<String>) -> JSONValue? {
      guard let key = path.first else { return value }
      switch node {
      case .object(var members):
        members[key] = edit(members[key] ?? .null, path.dropFirst())
        return .object(members)
      case .array(var elements):
        guard let index = Int(key), let element = edit(elements[index], path.dropFirst()) else { return node }
        elements[index] = element
        return .array(elements)
      default: return node
      }
    }
    var root = try JSONParser.parse(GenesisDocument.render(try Samples.genesis()), document: "")
    if path != ["digest"], case .object(var members) = root {
      members["digest"] = nil
      root = .object(members)
    }
    return JSONWriter.compact(try #require(edit(root, path[...])))
  }

  private func refusal(_ path: [String], _ value: JSONValue?) throws -> DocumentError {
    let bytes = try edited(path, value)
    return try LedgerJSONTests.refusal {
      try GenesisDocument.parse(bytes, document: "genesis.json")
    }
  }

  @Test("A genesis is written as the golden file and read back the same")
  func golden() throws {
    let genesis = try Samples.genesis()
    let bytes = GenesisDocument.render(genesis)
    #expect(String(decoding: bytes, as: UTF8.self) == (try Samples.golden("genesis.json", bytes)))
    let read = try GenesisDocument.parse(bytes, document: "genesis.json")
    #expect(read == genesis)
    #expect(read.digest == genesis.digest)
  }

  @Test("A genesis names the rules of its chain, and only a chain whose rules the program has can be run")
  func versions() throws {
    for version in [1, 2, 3] as [UInt8] {
      let bytes = try Samples.kept("version-\(version)/genesis.json")
      let older = try GenesisDocument.parse(bytes, document: "genesis.json")
      #expect(older.version == version)
      #expect(GenesisDocument.render(older) == bytes)
      guard version < 3 else {
        try older.requireExecutedVersion()
        continue
      }
      #expect(throws: GenesisError.otherVersion(version)) { try older.requireExecutedVersion() }
    }
    var newer = try Samples.genesis()
    try newer.requireExecutedVersion()
    newer.version = Genesis.currentVersion + 1
    let error = try LedgerJSONTests.refusal {
      try GenesisDocument.parse(GenesisDocument.render(newer), document: "genesis.json")
    }
    #expect(error.code == "genesis.other-version")
    #expect(error.path == "format")
    for format in ["roadbed-genesis/", "roadbed-genesis/02", "roadbed-genesis/256", "roadbed-genesis/+2"] {
      #expect(try refusal(["format"], .string(format)).path == "format")
    }
  }

  @Test(
    "Every key except the digest and the descriptions is required",
    arguments: [
      "format", "chain", "suite", "time", "leaderTimeoutMilliseconds", "administratorThreshold", "members",
      "validators",
    ])
  func missing(key: String) throws {
    let root = try JSONParser.parse(GenesisDocument.render(try Samples.genesis()), document: "")
    guard case .object(var members) = root else { return }
    members[key] = nil
    let error = try LedgerJSONTests.refusal {
      try GenesisDocument.parse(JSONWriter.compact(.object(members)), document: "genesis.json")
    }
    #expect(error.fault == .missingKey(key))
    #expect(error.explanation == "genesis.json: the key \"\(key)\" is missing")
  }

  @Test(
    "A wrong value is refused with its path, its text and what is allowed",
    arguments: [
      (["format"], JSONValue.string("x"), "format"), (["chain"], .string("Chain"), "chain"),
      (["suite"], .string("rsa"), "suite"), (["time"], .string("yesterday"), "time"), (["time"], .integer(5), "time"),
      (["leaderTimeoutMilliseconds"], .integer(1), "leaderTimeoutMilliseconds"),
      (["administratorThreshold"], .integer(2), "administratorThreshold"),
      (["administratorThreshold"], .number("1.0"), "administratorThreshold"),
      (["members"], .array([]), "members"), (["members", "1", "keys", "0"], .string("zz"), "members[1].keys[0]"),
      (["members", "1", "roles", "0"], .string("king"), "members[1].roles[0]"),
      (["members", "1", "threshold"], .integer(3), "members[1].threshold"),
      (["members", "1", "name"], .string("bank-a"), "members[1].name"),
      (["members", "0", "nick"], .string("a"), "members[0]"),
      (["validators", "0", "address"], .string("nowhere"), "validators[0]"),
      (["validators", "1", "member"], .string("bank-x"), "validators[1].member"),
      (["validators", "1", "name"], .string("node1"), "validators[1].name"),
      (["validators", "1", "address"], .string("127.0.0.1:7001"), "validators[1].address"),
      (["validators", "0", "voteKey"], .string(String(repeating: "ff", count: 33)), "validators[0].voteKey"),
      (["digest"], .text("00"), "digest"),
    ] as [([String], JSONValue, String)])
  func refused(path: [String], value: JSONValue, place: String) throws {
    let error = try refusal(path, value)
    #expect(error.path == place, "\(error.explanation)")
    #expect(error.document == "genesis.json")
    #expect(!error.nextStep.isEmpty)
  }

  @Test("An unknown key is refused with the keys that are known")
  func unknownKey() throws {
    let error = try refusal(["epoch"], .integer(0))
    #expect(error.code == "json.unknown-key")
    #expect(error.nextStep.contains("leaderTimeoutMilliseconds"))
  }

  @Test("The order of the members in the file does not change the chain")
  func order() throws {
    let root = try JSONParser.parse(GenesisDocument.render(try Samples.genesis()), document: "")
    guard case .object(var members) = root, case .array(let list)? = members["members"] else { return }
    members["members"] = .array(list.reversed())
    let read = try GenesisDocument.parse(JSONWriter.compact(.object(members)), document: "")
    #expect(read == (try Samples.genesis()))
  }
}

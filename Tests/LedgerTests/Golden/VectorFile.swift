import Cryptography
import Foundation
import Primitives
import Testing

/// A committed file of golden vectors: lines `name = hex`, comments after `#`.
///
/// Set ROADBED_WRITE_VECTORS=1 to rewrite the files after a deliberate change of a format; the diff then shows what
/// changed. Signatures that are still valid are kept, since ECDSA and SM2 sign differently each time.
struct VectorFile {
  static let isWriting = ProcessInfo.processInfo.environment["ROADBED_WRITE_VECTORS"] == "1"
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Vectors").standardized

  let suite: Primitives.Suite
  /// The names in the order of the file.
  private(set) var names: [String] = []
  private var stored: [String: [UInt8]] = [:]
  private var computed: [(name: String, bytes: [UInt8])] = []
  private var signatureCount = 0

  /// Reads the file of `suite`, which must exist unless it is about to be written.
  init(_ suite: Primitives.Suite) throws {
    if VectorFile.isWriting, !FileManager.default.fileExists(atPath: Self.url(suite).path) {
      self.init(blank: suite)
    } else {
      try self.init(suite, at: Self.url(suite))
    }
  }

  private init(blank suite: Primitives.Suite) { self.suite = suite }

  init(_ suite: Primitives.Suite, at url: URL) throws {
    self.suite = suite
    let text = try String(contentsOf: url, encoding: .utf8)
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let equals = try #require(line.range(of: " ="), "line \(line)")
      let name = String(line[..<equals.lowerBound])
      let bytes = Hex.decode(line[equals.upperBound...].drop { $0 == " " })
      #expect(stored.updateValue(try #require(bytes, "line \(line)"), forKey: name) == nil, "\(name) twice")
      names.append(name)
    }
    guard !names.isEmpty else { throw CocoaError(.fileReadCorruptFile) }
  }

  static func url(_ suite: Primitives.Suite) -> URL { folder.appendingPathComponent("\(suite.name).txt") }

  /// The committed value, which must exist.
  subscript(name: String) -> [UInt8] {
    get throws { try #require(stored[name], "\(name) in \(suite.name).txt") }
  }

  func digest(_ name: String) throws -> Digest { try #require(Digest(bytes: try self[name]), "\(name)") }

  /// The numbers N of the vectors named `prefix.N` followed by `suffix`, in the order of the file. There must be at
  /// least one.
  func numbers(_ prefix: String, _ suffix: String = "") throws -> [Int] {
    let numbers = names.compactMap { name in
      name.hasPrefix("\(prefix).") && name.hasSuffix(suffix)
        ? Int(name.dropFirst(prefix.count + 1).dropLast(suffix.count)) : nil
    }
    try #require(!numbers.isEmpty, "\(prefix).N\(suffix) in \(suite.name).txt")
    return numbers
  }

  // MARK: Computing and writing

  mutating func add(_ name: String, _ bytes: [UInt8]) { computed.append((name, bytes)) }
  mutating func add(_ name: String, _ digest: Digest) { add(name, digest.bytes) }

  /// The next signature of the file, which must be valid. A new one is made only while writing, if the stored one is
  /// not valid.
  mutating func signature(of message: [UInt8], by key: PrivateKey) throws -> Signature {
    signatureCount += 1
    let name = "signature.\(signatureCount)"
    var verifier = SignatureVerifier(suite)
    var signature = stored["\(name).bytes"].flatMap { Signature(bytes: $0) }
    if let kept = signature, !verifier.verify(kept, of: message, by: key.publicKey) { signature = nil }
    if signature == nil, VectorFile.isWriting { signature = try key.sign(message) }
    let sound = try #require(signature, "no \(name) of \(suite.name).txt that holds")
    add("\(name).key", key.publicKey.bytes)
    add("\(name).message", message)
    add("\(name).bytes", sound.bytes)
    return sound
  }

  /// Expects that the file contains exactly the computed vectors with these values in this order, or writes them.
  func check() throws {
    if VectorFile.isWriting {
      let lines = computed.map { $0.bytes.isEmpty ? "\($0.name) =" : "\($0.name) = \(Hex.encode($0.bytes))" }
      let header = "# Golden vectors of \(suite.name); Documentation/formats.md, section 12, explains the names.\n"
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try (header + lines.joined(separator: "\n") + "\n").write(to: Self.url(suite), atomically: true, encoding: .utf8)
      return
    }
    for (name, bytes) in computed { #expect(stored[name] == bytes, "\(name) in \(suite.name).txt") }
    let others = zip(names, computed.map(\.name)).first { $0 != $1 }
    #expect(others == nil, "in \(suite.name).txt and computed, at one place")
    #expect(names.count == computed.count)
  }
}

import Foundation
import Primitives
import Testing

/// A committed file of golden vectors: lines `name = hex`, comments after `#`.
///
/// Set ROADBED_WRITE_VECTORS=1 to write the files anew after a deliberate change of a format; the diff then
/// shows what changed. Signatures that still hold are kept, since ECDSA and SM2 never sign twice alike.
struct VectorFile {
  static let isWriting = ProcessInfo.processInfo.environment["ROADBED_WRITE_VECTORS"] == "1"

  let url: URL
  let header: String
  private(set) var stored: [String: String] = [:]
  private(set) var computed: [(name: String, hex: String)] = []

  init(_ name: String, header: String) throws {
    self.header = header
    url =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Vectors/\(name).txt").standardized
    guard let text = try? String(contentsOf: url, encoding: .utf8) else {
      guard VectorFile.isWriting else { throw CocoaError(.fileNoSuchFile) }
      return
    }
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      try #require((2...3).contains(parts.count) && parts[1] == "=", "line \(line)")
      stored[String(parts[0])] = parts.count == 3 ? String(parts[2]) : ""
    }
  }

  mutating func add(_ name: String, _ bytes: [UInt8]) { computed.append((name, Hex.encode(bytes))) }
  mutating func add(_ name: String, _ digest: Digest) { add(name, digest.bytes) }

  /// Every computed vector is stored with this value, and nothing else is stored.
  func check() throws {
    if VectorFile.isWriting {
      let lines = computed.map { $0.hex.isEmpty ? "\($0.name) =" : "\($0.name) = \($0.hex)" }
      try (header + lines.joined(separator: "\n") + "\n").write(to: url, atomically: true, encoding: .utf8)
      return
    }
    for (name, hex) in computed { #expect(stored[name] == hex, "\(name) in \(url.lastPathComponent)") }
    #expect(Set(stored.keys) == Set(computed.map(\.name)))
  }
}

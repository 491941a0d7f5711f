import Foundation
import LedgerJSON
import TestHarness
import Testing

extension Samples {
  /// The committed document `name`. With ROADBED_WRITE_VECTORS=1, `actual` is written there first.
  static func golden(_ name: String, _ actual: [UInt8]) throws -> String {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
    if ProcessInfo.processInfo.environment["ROADBED_WRITE_VECTORS"] == "1" { try Data(actual).write(to: file) }
    return try String(contentsOf: file, encoding: .utf8)
  }
}

extension Samples {
  /// The committed document `name`, written by an earlier version of the program.
  static func kept(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")))
  }
}

/// The `DocumentError` that `body` throws.
func refusal<Value>(_ body: () throws -> Value) throws -> DocumentError {
  do {
    let value = try body()
    Issue.record("not refused: \(value)")
    throw CancellationError()
  } catch let error as DocumentError {
    return error
  }
}

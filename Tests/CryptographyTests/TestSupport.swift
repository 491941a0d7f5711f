import Cryptography
import Foundation
import Primitives
import Testing

/// Verifies with a new verifier. `#expect` cannot contain one, because verifiers are not copyable.
func verifies(_ signature: Signature, of message: [UInt8], by key: PublicKey, _ suite: Primitives.Suite) -> Bool {
  var verifier = SignatureVerifier(suite)
  return verifier.verify(signature, of: message, by: key)
}

/// The error that `body` throws, or nil.
func error(of body: () throws -> Void) -> CryptoError? {
  do {
    try body()
    return nil
  } catch {
    return error as? CryptoError
  }
}

/// The bytes of hexadecimal text, ignoring spaces.
func bytes(_ hex: String) throws -> [UInt8] {
  try #require(Hex.decode(hex.filter { $0 != " " && $0 != "\n" }))
}

/// The `openssl` command, an independent implementation of the file formats.
enum OpenSSLTool {
  static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/opt/openssl@3/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  static var isPresent: Bool { path != nil }

  /// Runs the command and returns its output. Throws if it fails.
  @discardableResult
  static func run(_ arguments: String...) throws -> String { try run(arguments) }

  @discardableResult
  static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: printed, as: UTF8.self)
    try #require(
      process.terminationStatus == 0,
      "openssl \(arguments.joined(separator: " ")): \(String(decoding: complaints, as: UTF8.self))")
    return text
  }
}

import Foundation
import TestHarness
import Tokens

/// Tokens of SoftHSM 2 in a temporary folder. A process has one such folder, because SoftHSM reads its place from the
/// environment.
enum TokenHome {
  static let pin = "1234"

  struct Missing: Error, CustomStringConvertible {
    var description: String
  }

  private static let folder = Result { () throws -> TemporaryDirectory in
    let folder = try TemporaryDirectory()
    try FileManager.default.createDirectory(atPath: folder.file("tokens"), withIntermediateDirectories: true)
    let configuration = try folder.write(
      "directories.tokendir = \(folder.file("tokens"))\nobjectstore.backend = file\nlog.level = ERROR\n",
      to: "softhsm2.conf")
    setenv("SOFTHSM2_CONF", configuration, 1)
    return folder
  }

  /// SoftHSM's module, which must be installed: these tests are not passed where it is missing.
  static func module() throws -> String {
    let places = ["/usr/lib", "/usr/lib64", "/usr/lib64/pkcs11", "/usr/local/lib", "/opt/homebrew/lib"]
    guard let found = places.map({ $0 + "/softhsm/libsofthsm2.so" }).first(where: FileManager.default.fileExists) else {
      throw Missing(description: "SoftHSM 2 is not installed: run Scripts/install-packages softhsm2")
    }
    return found
  }

  /// Makes a token, and returns the URI that finds it, with the PIN in a file, but without a key.
  static func makeToken(_ label: String, module: String? = nil, pin: String = pin) throws -> String {
    let folder = try folder.get()
    try run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", self.pin, "--so-pin", "5678")
    let file = try folder.write(pin + "\n", to: "\(label).pin")
    return "pkcs11:token=\(label)?module-path=\(try module ?? self.module())&pin-source=file:\(file)"
  }

  /// The URI of a key in the token of `uri`.
  static func uri(_ uri: String, object: String) -> String {
    uri.replacingOccurrences(of: "?", with: ";object=\(object)?")
  }

  /// Opens a token that was just made: the module finds it when it may restart again.
  static func open(_ uri: String, isWritable: Bool = true) throws -> Token {
    try eventually { () throws(TokenError) in try Token(TokenURI(uri), isWritable: isWritable) }
  }

  /// Has SoftHSM read its folder again. Until then it would sign from memory with a token that is gone.
  static func reread() throws {
    // A module is restarted once a second at most.
    Thread.sleep(forTimeInterval: 1.1)
    do {
      _ = try Token(TokenURI("pkcs11:token=none?module-path=\(try module())"))
    } catch TokenError.absent {}
  }

  /// Repeats what needs a token that has come back, for as long as the token is away.
  static func eventually<Result>(_ body: () throws -> Result) throws -> Result {
    let deadline = ContinuousClock.now + .seconds(10)
    while true {
      do {
        return try body()
      } catch let error as TokenError where error.isAway && ContinuousClock.now < deadline {
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
  }

  /// The folder in which SoftHSM keeps the token.
  static func directory(of token: Token) throws -> String {
    // Its name ends with the serial.
    let tokens = try folder.get().file("tokens")
    let serial = token.identity.serial.suffix(8)
    guard
      let name = try FileManager.default.contentsOfDirectory(atPath: tokens).first(where: {
        $0.replacingOccurrences(of: "-", with: "").hasSuffix(serial)
      })
    else { throw Missing(description: "no folder of the token with the serial \(token.identity.serial)") }
    return "\(tokens)/\(name)"
  }

  @discardableResult
  static func run(_ command: String...) throws -> String {
    _ = try folder.get()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    var environment = ProcessInfo.processInfo.environment
    environment["SOFTHSM2_CONF"] = try folder.get().file("softhsm2.conf")
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Missing(
        description: "\(command.joined(separator: " ")): status \(process.terminationStatus): \(text)"
          + (process.terminationStatus == 127 ? "; run Scripts/install-packages softhsm2" : ""))
    }
    return text
  }
}

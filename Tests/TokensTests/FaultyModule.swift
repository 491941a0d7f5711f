import Foundation
import Primitives
import TestHarness
import Tokens

/// A module that breaks as it is told, in front of SoftHSM's.
struct FaultyModule {
  private let folder: TemporaryDirectory
  var path: String { folder.file("faulty.so") }

  init() throws {
    folder = try TemporaryDirectory()
    guard let source = Bundle.module.path(forResource: "FaultyToken/FaultyToken", ofType: "c") else {
      throw TokenHome.Missing(description: "FaultyToken.c is not among the resources")
    }
    try TokenHome.run(
      "cc", "-shared", "-fPIC", "-o", path, "-DREAL=\"\(try TokenHome.module())\"",
      "-DFAULTS=\"\(folder.file("faults"))\"", source, "-ldl")
  }

  /// What is broken from now on, in the words of FaultyToken.c.
  func set(_ faults: String) throws {
    try? FileManager.default.removeItem(atPath: folder.file("faults.done"))
    try folder.write(faults, to: "faults")
  }

  /// One letter for each login that the module was asked for: x with a PIN, p with none.
  var logins: String { (try? folder.text(of: folder.file("faults.logins"))) ?? "" }

  /// A token behind this module with a key of P-256, which another module made.
  func makeKey(_ label: String, pin: String = TokenHome.pin) throws -> (uri: String, token: String) {
    let sound = try TokenHome.makeToken(label)
    _ = try TokenHome.open(sound).generate(.p256SHA256, label: "key")
    let uri = sound.replacingOccurrences(of: try TokenHome.module(), with: path)
    return (TokenHome.uri(uri, object: "key"), uri)
  }
}

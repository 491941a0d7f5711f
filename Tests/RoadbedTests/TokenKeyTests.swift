import Foundation
import LedgerJSON
import Testing

extension Processes {
  /// Members whose keys are in a PKCS #11 token: SoftHSM 2 in a temporary folder.
  @Testing.Suite(.serialized)
  struct TokenKeyTests {
    private static let module = "/usr/lib/softhsm/libsofthsm2.so"

    /// Makes a token, and returns the environment in which it is found and its URI.
    static func makeToken(_ folder: Folder) throws -> (environment: [String: String], uri: String) {
      try #require(
        FileManager.default.fileExists(atPath: Self.module),
        "SoftHSM 2 is not installed: run Scripts/install-packages softhsm2")
      try FileManager.default.createDirectory(
        atPath: folder.path("tokens"), withIntermediateDirectories: true)
      let environment = [
        "SOFTHSM2_CONF": try folder.write("directories.tokendir = \(folder.path("tokens"))\n", to: "softhsm2.conf"),
        "PIN": "1234",
      ]
      try utility(["--init-token", "--free", "--label", "bank", "--pin", "1234", "--so-pin", "5678"], environment)
      return (environment, "pkcs11:token=bank?module-path=\(Self.module)")
    }

    private static func utility(_ arguments: [String], _ environment: [String: String]) throws {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["softhsm2-util"] + arguments
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
    }

    /// Has a node use its vote key from the token, which it is moved to.
    private func moveVoteKey(
      _ cluster: TestCluster, _ number: Int, _ environment: [String: String], _ uri: String
    ) throws -> String {
      let file = "\(cluster.node(number))/keys/vote.pem"
      try Self.utility(
        ["--import", file, "--token", "bank", "--label", "vote\(number)", "--id", "0\(number)", "--pin", "1234"],
        environment)
      try FileManager.default.removeItem(atPath: file)
      return uri.replacingOccurrences(of: "?", with: ";object=vote\(number)?")
    }

    private func set(_ cluster: TestCluster, _ number: Int, _ line: String, to other: String) throws {
      let path = "\(cluster.node(number))/node.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try #require(text.contains(line))
      try Data(text.replacingOccurrences(of: line, with: other).utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test(
      "Vote keys in a token sign, for a node itself and for its signer, and change their places when the chain changes them"
    )
    func votes() async throws {
      try await TestCluster.with(nodes: 2, isUp: false) { cluster in
        var (environment, uri) = try Self.makeToken(cluster.folder)
        let pin = try cluster.folder.write("1234\n", to: "pin")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: pin)
        uri += "&pin-source=file:\(pin)"
        environment["PIN"] = nil
        let own = try moveVoteKey(cluster, 1, environment, uri)
        try set(cluster, 1, "  #voteKey: keys/vote.pem\n", to: "  voteKey: '\(own)'\n")
        let signers = try moveVoteKey(cluster, 2, environment, uri)
        try set(cluster, 2, "  #socket: signer/signer.sock\n", to: "  socket: signer/signer.sock\n")
        let signer = try await SignerRun.start(
          cluster, 2,
          [
            "--genesis", cluster.genesisFile, "--key", signers, "--dir", "\(cluster.node(2))/signer", "--socket",
            "\(cluster.node(2))/signer/signer.sock",
          ], environment: environment)
        defer { signer.kill() }
        let up = try await Roadbed.run(
          ["cluster", "up", "--dir", cluster.directory, "--detach", "--timeout", "60"], environment: environment,
          seconds: 90)
        try #require(up.status == 0, "\(up.output)\(up.error)")
        try await cluster.waitUntilAllAnswer()
        // Both must vote for a block to be final.
        try await cluster.openAccounts(2)

        func publicKey(_ uri: String) async throws -> String {
          let run = try await Roadbed.run("keys", "show", uri, "--json", environment: environment)
          try #require(run.status == 0, "\(run.error)")
          return try run.decoded(Key.self).publicKey
        }
        for (number, key) in [(1, own), (2, signers)] {
          let before = try await publicKey(key)
          let run = try await Roadbed.run(
            "validator", "rotate-key", "node\(number)", "--yes", "--dir", cluster.directory, "--key",
            "operator\(number)", environment: environment, seconds: 120)
          try #require(run.status == 0, "\(run.output)\(run.error)")
          try await cluster.openAccounts(2, from: 2 * number)
          let deadline = ContinuousClock.now + .seconds(30)
          while try await publicKey(key) == before {
            try #require(ContinuousClock.now < deadline, "the next key does not take the place of the one before")
            try await Task.sleep(for: .milliseconds(200))
          }
        }
      }
    }

    private struct Key: Decodable {
      var uri: String
      var publicKey: String
      var extractable: Bool
    }

    @Test("A member whose key was made in a token is admitted, and its transaction, signed there, becomes final")
    func member() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let (environment, uri) = try Self.makeToken(cluster.folder)
        func run(_ arguments: String...) async throws -> Roadbed.Run {
          let run = try await Roadbed.run(arguments + ["--passphrase-env", "PIN"], environment: environment)
          #expect(run.status == 0, "\(arguments): \(run.output)\(run.error)")
          return run
        }
        let made = try await run("keys", "new", "bank-t", "--pkcs11", uri, "--json").decoded(Key.self)
        #expect(!made.extractable && made.uri.contains("object=bank-t"))
        #expect(try await run("keys", "show", made.uri, "--json").decoded(Key.self).publicKey == made.publicKey)
        try await Roadbed.succeed(
          "tx", "admit", "bank-t", "--public-key", made.publicKey, "--role", "participant", "--dir", cluster.directory,
          "--key", "registry", "--wait")
        // The member by the label of its key, and by name.
        let named = uri.replacingOccurrences(of: "?", with: ";object=bank-t?")
        _ = try await run("tx", "open", "bank-t/a", "--dir", cluster.directory, "--key", named, "--wait")
        _ = try await run("tx", "open", "bank-t/b", "--dir", cluster.directory, "--key", "bank-t=\(made.uri)", "--wait")

        // Nothing is signed with a wrong PIN, nor by a member whose token does not have its key.
        try await Roadbed.expectRefusal(
          "token.pin-wrong", "tx", "open", "bank-t/c", "--dir", cluster.directory, "--key", named, "--passphrase-env",
          "PIN", environment: environment.merging(["PIN": "4321"]) { _, new in new })
        try await Roadbed.expectRefusal(
          "token.object-missing", "tx", "open", "bank-t/c", "--dir", cluster.directory, "--key",
          "bank-t=\(named.replacingOccurrences(of: "object=bank-t", with: "object=none"))", "--passphrase-env", "PIN",
          environment: environment)
      }
    }

    @Test("Commands refuse what is not the URI of a key, a key that is there already, and a suite that no token has")
    func refusals() async throws {
      let folder = try Folder()
      defer { folder.remove() }
      let (environment, uri) = try Self.makeToken(folder)
      func expect(_ code: String, _ arguments: String...) async throws {
        let run = try await Roadbed.run(arguments, environment: environment)
        #expect(run.status == 1 && run.errorCode == code && run.hasNextStep, "\(arguments): \(run.output)\(run.error)")
        #expect(!run.error.contains("1234"))
      }
      try await expect("token.uri-pin", "keys", "new", "a", "--pkcs11", "\(uri)&pin-value=1234")
      try await expect("token.uri-incomplete", "keys", "show", "pkcs11:object=a?module-path=\(Self.module)")
      try await expect("token.pin-needed", "keys", "new", "a", "--pkcs11", uri)
      try await expect("token.absent", "keys", "show", "pkcs11:token=other?module-path=\(Self.module)")
      try await expect("token.module", "keys", "show", "pkcs11:token=bank?module-path=/nowhere.so")
      try await expect(
        "token.suite", "keys", "new", "a", "--suite", "sm2-sm3", "--pkcs11", uri, "--passphrase-env", "PIN")
      try await expect("token.no-object", "keys", "show", uri, "--passphrase-env", "PIN")
      let other = uri.replacingOccurrences(of: "?", with: ";object=b?")
      try await expect("keys.other-object", "keys", "new", "a", "--pkcs11", other, "--passphrase-env", "PIN")
      let made = try await Roadbed.run(
        "keys", "new", "a", "--pkcs11", uri, "--passphrase-env", "PIN", environment: environment)
      #expect(made.status == 0, "\(made.error)")
      #expect(!(made.output + made.error).contains("1234"))
      try await expect("token.object-exists", "keys", "new", "a", "--pkcs11", uri, "--passphrase-env", "PIN")
    }

    #if os(Linux)
      @Test("A node's memory goes into no core dump")
      func coreDumps() async throws {
        try await TestCluster.with(nodes: 1) { cluster in
          let file = "\(cluster.node(1))/node.pid"
          let pid = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
          let limits = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)
          let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
          #expect(line.split(separator: " ").suffix(3) == ["0", "0", "bytes"])
          let filter = try String(contentsOfFile: "/proc/\(pid)/coredump_filter", encoding: .utf8)
          #expect(filter.trimmingCharacters(in: .whitespacesAndNewlines) == "00000000")
        }
      }
    #endif
  }
}

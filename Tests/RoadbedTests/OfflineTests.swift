import Foundation
import Testing

/// Commands that need no node.
@Testing.Suite struct OfflineTests {
  @Test("keys new creates a file that only its owner can read, keys show shows it, and it is never overwritten")
  func keys() async throws {
    try await Folder.with { folder in
      for suite in ["p256-sha256", "ed25519-sha256", "sm2-sm3"] {
        let made = try await Roadbed.succeed(
          "keys", "new", "alice", "--suite", suite, "--directory", folder.path(suite), "--json")
        let file = folder.path("\(suite)/alice.pem")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let shown = try await Roadbed.succeed("keys", "show", file, "--json")
        #expect(made.output == shown.output)
        #expect(!shown.output.contains("PRIVATE"))
        try await Roadbed.expectRefusal(
          "crypto.file-exists", "keys", "new", "alice", "--suite", suite, "--directory", folder.path(suite))
      }
      let secret = ["PASS": "correct horse"]
      let options = ["--directory", folder.path, "--passphrase-env", "PASS"]
      let locked = try await Roadbed.run(["keys", "new", "bob"] + options, environment: secret)
      #expect(locked.status == 0)
      try await Roadbed.expectRefusal("crypto.passphrase-needed", "keys", "show", folder.path("bob.pem"))
      try await Roadbed.expectRefusal(
        "crypto.passphrase-wrong", "keys", "show", folder.path("bob.pem"), "--passphrase-env", "PASS",
        environment: ["PASS": "wrong"])
      try await Roadbed.expectRefusal(
        "keys.no-passphrase", "keys", "show", folder.path("bob.pem"), "--passphrase-env", "PASS")
    }
  }

  @Test("A wrong command line exits with 2, help with 0, and errors are JSON if JSON was requested")
  func usage() async throws {
    #expect(try await Roadbed.run("cluster", "new", "--nodes", "0", "--dir", "x").status == 2)
    #expect(try await Roadbed.run("keys", "new", "Not-A-Name").status == 2)
    #expect(try await Roadbed.run("nonsense").status == 2)
    #expect(try await Roadbed.run("tx", "transfer").status == 2)
    #expect(try await Roadbed.run("--help").status == 0)
    #expect(try await Roadbed.run("help", "cluster", "up").status == 0)
    #expect(try await Roadbed.run("--version").status == 0)
    struct Body: Decodable {
      struct Detail: Decodable { var code: String, message: String, nextStep: String }
      var error: Detail
    }
    for arguments in [["keys", "show", "/nowhere", "--json"], ["nonsense", "--json"]] {
      let run = try await Roadbed.run(arguments)
      #expect(run.output.isEmpty)
      let body = try JSONDecoder().decode(Body.self, from: Data(run.error.utf8))
      #expect(!body.error.code.isEmpty && !body.error.nextStep.isEmpty)
    }
  }

  @Test("Two organisations found a chain: node init, genesis new, genesis check, node init --founding")
  func founding() async throws {
    try await Folder.with { folder in
      var options: [String] = []
      for (name, port) in [("a", 7501), ("b", 7502)] {
        let run = try await Roadbed.run(
          "node", "init", "--dir", folder.path(name), "--name", "\(name)-1", "--member", "bank-\(name)", "--address",
          "127.0.0.1:\(port)")
        #expect(run.status == 0, "\(run.error)")
        options += ["--validator", try folder.write(run.output, to: "\(name).json")]
        try await Roadbed.succeed("keys", "new", "bank-\(name)", "--directory", folder.path)
      }
      let members = try await ["a", "b"].asyncMap { name in
        let key = try await publicKey(folder.path("bank-\(name).pem"))
        return "{\"name\": \"bank-\(name)\", \"roles\": [\"administrator\"], \"keys\": [\"\(key)\"]}"
      }
      let template = try folder.write(
        """
        {"chain": "pair", "suite": "p256-sha256", "leaderTimeoutMilliseconds": 1000, "administratorThreshold": 2,
         "members": [\(members.joined(separator: ","))]}
        """, to: "template.json")
      let genesis = folder.path("genesis.json")
      let made = try await Roadbed.run(["genesis", "new", template, "-o", genesis] + options)
      #expect(made.status == 0, "\(made.error)")
      try await Roadbed.succeed("genesis", "check", genesis)
      try await Roadbed.expectRefusal(
        "genesis.other-digest", "genesis", "check", genesis, "--digest", String(repeating: "0", count: 64))
      try await Roadbed.succeed("node", "init", "--dir", folder.path("a"), "--genesis", genesis, "--founding")
      try await Roadbed.expectRefusal(
        "log.exists", "node", "init", "--dir", folder.path("a"), "--genesis", genesis, "--founding")
      // A directory whose keys belong to no validator.
      try await Roadbed.succeed("keys", "new", "vote", "--directory", folder.path("c/keys"))
      try await Roadbed.expectRefusal(
        "node.not-a-validator", "node", "init", "--dir", folder.path("c"), "--genesis", genesis)
      // A chain whose blocks only an earlier version of the program can execute.
      let older = try String(contentsOfFile: genesis, encoding: .utf8)
        .replacing("roadbed-genesis/4", with: "roadbed-genesis/1").replacing(/\ *"digest": .*\n/, with: "")
      let file = try folder.write(older, to: "older.json")
      try await Roadbed.succeed("genesis", "show", file)
      try await Roadbed.expectRefusal(
        "genesis.other-version", "node", "init", "--dir", folder.path("c"), "--genesis", file)
    }
  }

  private func publicKey(_ file: String) async throws -> String {
    struct Answer: Decodable { var publicKey: String }
    return try await Roadbed.succeed("keys", "show", file, "--json").decoded(Answer.self).publicKey
  }

  @Test("Files with faults are refused with the place of the fault")
  func files() async throws {
    try await Folder.with { folder in
      let directory = folder.path("cluster")
      try await makeCluster(directory)
      func sign(_ text: String) async throws -> Roadbed.Run {
        let file = try folder.write(text, to: "operations.json")
        return try await Roadbed.run(
          "tx", "sign", file, "--genesis", "\(directory)/genesis.json", "--key", "\(directory)/keys/mint.pem")
      }
      func expect(_ code: String, _ place: String, _ text: String) async throws {
        let run = try await sign(text)
        #expect(run.status == 1)
        #expect(run.errorCode == code, "\(run.error)")
        #expect(run.error.contains(place), "\(run.error)")
      }
      try await expect("json.syntax", "line 2", "[\n{]")
      try await expect("json.unknown-key", "[0]", "[{\"kind\": \"account.open\", \"account\": \"mint/a\", \"x\": 1}]")
      try await expect("json.invalid-value", "[0].account", "[{\"kind\": \"account.open\", \"account\": \"Mint\"}]")
      try await expect("json.invalid-value", "[0].kind", "[{\"kind\": \"account.rename\"}]")
      let issue = "\"kind\": \"asset.issue\", \"asset\": \"eur\", \"to\": \"mint\""
      try await expect("json.wrong-type", "[0].amount", "[{\(issue), \"amount\": 1.5}]")
      try await expect("asset.unknown", "[0].amount", "[{\(issue), \"amount\": \"1.5\"}]")
      try await expect("json.invalid-value", "operations", "{\"operations\": []}")
      #expect(try await sign("[{\(issue), \"units\": \"150\"}]").status == 0)
      try await Roadbed.expectRefusal(
        "file.missing", "tx", "sign", folder.path("none"), "--genesis", "\(directory)/genesis.json", "--key",
        "\(directory)/keys/mint.pem")
    }
  }

  private func makeCluster(_ directory: String) async throws {
    // Nothing is started, so any ports that are free now will do.
    for _ in 0..<20 {
      let port = "\(Int.random(in: 50...150) * 200)"
      if try await Roadbed.run("cluster", "new", "--dir", directory, "--nodes", "1", "--base-port", port).status == 0 {
        return
      }
    }
    Issue.record("no free ports")
  }
}

extension Sequence {
  fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await body(element)) }
    return values
  }
}

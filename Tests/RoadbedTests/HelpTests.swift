import Foundation
import Testing

/// What the commands report about themselves and about a wrong command line.
@Testing.Suite struct HelpTests {
  private struct Dump: Decodable { var command: Command }

  private struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var arguments: [Argument]?
    var subcommands: [Command]?
  }

  private struct Argument: Decodable {
    struct Name: Decodable { var name: String }

    var kind: String
    var valueName: String?
    var names: [Name]?
    var abstract: String?
    var defaultValue: String?
    var allValues: [String]?
    var allValueDescriptions: [String: String]?
  }

  @Test("Every option of every command has a description, and a default that can be typed")
  func everyOption() async throws {
    let text = try await Roadbed.succeed("--experimental-dump-help").output
    let root = try JSONDecoder().decode(Dump.self, from: Data(text.utf8)).command
    var seen = 0
    func walk(_ command: Command, _ path: [String]) {
      // The argument parser provides `help`.
      if path.last == "help" { return }
      #expect(command.abstract?.isEmpty == false, "\(path) has no abstract")
      for argument in command.arguments ?? [] {
        seen += 1
        let place = "\(path.joined(separator: " ")) \(argument.names?.first?.name ?? argument.valueName ?? "")"
        #expect(argument.abstract?.isEmpty == false, "\(place) has no description")
        #expect(argument.allValueDescriptions ?? [:] == [:], "\(place): numbers or empty lines stand before its values")
        guard let value = argument.defaultValue else { continue }
        #expect(argument.allValues?.contains(value) ?? true, "\(place): the default \(value) is none of its values")
        #expect(!value.contains("("), "\(place): the default \(value) is not what a user types")
      }
      for child in command.subcommands ?? [] { walk(child, path + [child.commandName]) }
    }
    walk(root, ["roadbed"])
    #expect(seen > 200)
  }

  @Test(
    "The help of keys new, cluster new and node init names the suite that is the default",
    arguments: [
      ["keys", "new"], ["cluster", "new"], ["node", "init"],
    ])
  func suites(command: [String]) async throws {
    let help = try await Roadbed.run(command + ["--help"])
    let words = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("default: p256-sha256)"), "\(words)")
    #expect(!help.output.contains(" - \n"))
  }

  @Test(
    "A value that breaks a rule is answered with the rule",
    arguments: [
      (["keys", "new", "Not-A-Name"], "[a-z0-9][a-z0-9.-]{0,31}"),
      (["query", "member", "bank a", "--node", "http://127.0.0.1:1"], "[a-z0-9][a-z0-9.-]{0,31}"),
      (["query", "account", "a//b", "--node", "http://127.0.0.1:1"], "MEMBER/PATH"),
      (["query", "tx", "12", "--node", "http://127.0.0.1:1"], "64 hexadecimal digits"),
      (["query", "block", "-1", "--node", "http://127.0.0.1:1"], ""),
      (["query", "blocks", "--from", "x", "--node", "http://127.0.0.1:1"], "whole number"),
      (["tx", "anchor", "x", "--collection", "A", "--node", "http://127.0.0.1:1"], "collection"),
      (["query", "holds", "--from", "a", "--reference", "", "--node", "http://127.0.0.1:1"], "1 to 64 bytes"),
      (["query", "holds", "--reference", "x", "--node", "http://127.0.0.1:1"], "--reference needs --from"),
      (["query", "holds", "--from", "a", "--to", "b", "--node", "http://127.0.0.1:1"], "only one of"),
      (["query", "holds", "--expires-before", "soon", "--node", "http://127.0.0.1:1"], "12h"),
      (["keys", "new", "x", "--suite", "1"], "p256-sha256"),
    ])
  func rules(arguments: [String], rule: String) async throws {
    let run = try await Roadbed.run(arguments)
    #expect(run.status == 2)
    #expect(rule.isEmpty || run.error.contains(rule), "\(run.error)")
  }

  @Test("keys new expects a name, and says so if it is given the name of a file")
  func fileName() async throws {
    try await Folder.with { folder in
      let run = try await Roadbed.run("keys", "new", "registry.pem", "--directory", folder.path)
      #expect(run.status == 2)
      #expect(run.error.contains(".pem is added"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test(
    "A waiting time beyond the range of clocks is refused",
    arguments: [
      ["cluster", "up"], ["cluster", "stop"], ["cluster", "start"], ["query", "tx", String(repeating: "0", count: 64)],
    ])
  func timeouts(command: [String]) async throws {
    for value in ["0", "86401", "inf", "nan", "9223372036854775807"] {
      let run = try await Roadbed.run(command + ["--dir", "/nowhere", "--timeout", value])
      #expect(run.status == 2, "\(command) \(value): \(run.error)")
    }
  }

  @Test("The error for an incomplete address says what is missing")
  func addresses() async throws {
    let bare = try await Roadbed.run("query", "status", "--node", "http://::1:7501")
    #expect(bare.errorCode == "client.address")
    #expect(bare.error.contains("http://[::1]:7501"))
    let other = try await Roadbed.run("query", "status", "--node", "127.0.0.1:7501")
    #expect(other.errorCode == "client.address")
    #expect(other.error.contains("http://127.0.0.1:7501") && !other.error.contains("8101"))
  }
}

import Foundation
import Ledger
import TestHarness
import Testing

@testable import Node

@Testing.Suite("The template of node.yaml")
struct NodeSettingsTemplateTests {
  @Test("It has every setting, and unchanged it gives the defaults")
  func isDefaults() throws {
    let directory = try TemporaryDirectory()
    let defaults = try NodeSettings.load(directory: directory.path)
    try directory.write(NodeSettings.template(), to: "node.yaml")
    #expect(try NodeSettings.load(directory: directory.path) == defaults)
  }

  @Test("With every setting uncommented it gives the defaults too")
  func uncommented() throws {
    let directory = try TemporaryDirectory()
    var expected = try NodeSettings.load(directory: directory.path)
    expected.archiveDirectory = directory.file(SettingsKey.historyArchive.exampleText)
    expected.logFile = directory.file(SettingsKey.logFile.exampleText)
    expected.peerListen = Endpoint(SettingsKey.peersListen.exampleText)
    expected.signerSocket = directory.file(SettingsKey.signerSocket.exampleText)
    expected.checkpoint = Checkpoint(SettingsKey.chainCheckpoint.exampleText)
    let text = NodeSettings.template().split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("  #") && !line.hasPrefix("  # ") ? "  " + line.dropFirst(3) : String(line)
    }
    try directory.write(text.joined(separator: "\n"), to: "node.yaml")
    let settings = try NodeSettings.load(directory: directory.path)
    #expect(settings == expected)
    #expect(text.filter { $0.hasPrefix("  ") && !$0.hasPrefix("  #") }.count == SettingsKey.allCases.count)
  }

  @Test("Given values are read back unchanged, whatever they contain")
  func values() throws {
    let directory = try TemporaryDirectory()
    let path = "/a b/\"c\": #1\\\u{1F}ü.json"
    let texts: [SettingsKey: String] = [
      .peersListen: "[::1]:7501", .peersAddresses: "node2=127.0.0.1:7502,node3=[::1]:7503", .apiPort: "7401",
      .filesGenesis: path, .logFormat: "json", .indexEnabled: "false",
    ]
    try directory.write(NodeSettings.template(texts), to: "node.yaml")
    let settings = try NodeSettings.load(directory: directory.path)
    let byFlags = try NodeSettings.load(
      directory: directory.path, overrides: Dictionary(uniqueKeysWithValues: texts.map { ($0.rawValue, $1) }))
    #expect(settings == byFlags)
    #expect(settings.genesisFile == path)
    #expect(settings.peerAddresses.count == 2)
  }

  @Test("Config/node.yaml is the template")
  func sample() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("Config/node.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text == NodeSettings.template(), "write what NodeSettings.template() returns to Config/node.yaml")
  }

  @Test("No line is longer than a terminal is wide")
  func width() {
    for line in NodeSettings.template().split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
  }
}

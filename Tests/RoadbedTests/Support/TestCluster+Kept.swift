import Foundation
import Testing

extension TestCluster {
  /// Calls `body` with a cluster directory that an earlier build left, moved to free ports. Its nodes are stopped.
  static func withKept(_ name: String, nodes: Int, _ body: (TestCluster) async throws -> Void) async throws {
    try await with(nodes: nodes, isUp: false) { cluster in
      try FileManager.default.removeItem(atPath: cluster.directory)
      try cluster.unpack(name)
      try cluster.movePorts()
      try await body(cluster)
    }
  }

  /// Undoes Scripts/keep-directory.
  private func unpack(_ name: String) throws {
    let text = try Data(contentsOf: URL(fileURLWithPath: "\(Roadbed.root)/Tests/RoadbedTests/Fixtures/\(name).txt"))
    let archive = try #require(Data(base64Encoded: text, options: .ignoreUnknownCharacters))
    try archive.write(to: URL(fileURLWithPath: folder.path("kept.tar.gz")))
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    let tar = try Process.run(
      URL(fileURLWithPath: "/usr/bin/env"),
      arguments: ["tar", "--extract", "--gzip", "--file", folder.path("kept.tar.gz"), "--directory", directory])
    tar.waitUntilExit()
    try #require(tar.terminationStatus == 0)
  }

  /// Replaces the ports of kept clusters, which have base port 7400. Genesis, which cannot change, names these too, so
  /// the settings get the addresses of all validators.
  private func movePorts() throws {
    let addresses = (1...count).map { "node\($0)=127.0.0.1:\(basePort + $0)" }
    for number in 1...count {
      try replace(
        ["\(7400 + number)": "\(basePort + number)", "\(7500 + number)": "\(apiPort(number))"], "cluster.json")
      try replace(
        [
          "  #listen: \"0.0.0.0:7500\"\n": "  listen: 127.0.0.1:\(basePort + number)\n",
          "  #addresses: []\n": "  addresses: [\(addresses.joined(separator: ", "))]\n",
          "  port: \(7500 + number)\n": "  port: \(apiPort(number))\n",
        ], "node\(number)/node.yaml")
    }
  }

  private func replace(_ changes: [String: String], _ file: String) throws {
    let path = "\(directory)/\(file)"
    var text = try String(contentsOfFile: path, encoding: .utf8)
    for (old, new) in changes {
      try #require(text.contains(old), "\(file) has no \(old)")
      text = text.replacingOccurrences(of: old, with: new)
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
}

import Foundation

/// Removes what a run leaves on the machine: the run itself does so at its end, or the next run if it died.
struct Leftovers {
  /// The start of the name of a run's own folder, `<temporary folder>/roadbed-chaos-run-<pid>`, which contains a file
  /// with the path of the cluster.
  static let folderPrefix = "roadbed-chaos-run-"

  let owner: Int32

  var folder: String { FileManager.default.temporaryDirectory.path + "/\(Leftovers.folderPrefix)\(owner)" }
  var networkPrefix: String { "\(NodeNetwork.namePrefix)\(owner)" }
  private var placeFile: String { "\(folder)/cluster-directory" }

  func note(clusterDirectory: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(clusterDirectory.utf8).write(to: URL(fileURLWithPath: placeFile))
  }

  /// Ends the run's processes and removes its namespaces and its folder.
  func remove() async {
    killNodes()
    for name in await Leftovers.namespaces() where name.hasPrefix("\(networkPrefix)-") {
      // A namespace persists as long as a process is in it.
      for pid in ((try? await Shell.run(["ip", "netns", "pids", name]).output) ?? "").split(separator: "\n") {
        if let pid = Int32(pid), pid > 1, pid != getpid() { kill(pid, SIGKILL) }
      }
      _ = try? await Shell.run(["ip", "netns", "del", name])
    }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Kills nodes on loopback, which are found through the process ids in their directories.
  private func killNodes() {
    guard let place = try? String(contentsOfFile: placeFile, encoding: .utf8),
      let names = try? FileManager.default.contentsOfDirectory(atPath: place)
    else { return }
    for name in names {
      guard let text = try? String(contentsOfFile: "\(place)/\(name)/node.pid", encoding: .utf8), let pid = Int32(text),
        let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"),
        String(decoding: command, as: UTF8.self).contains("\(place)/\(name)")
      else { continue }
      kill(pid, SIGKILL)
    }
  }

  /// Removes what dead runs left behind.
  static func removeDead() async {
    var owners: Set<Int32> = []
    let temporary = FileManager.default.temporaryDirectory.path
    for name in (try? FileManager.default.contentsOfDirectory(atPath: temporary)) ?? []
    where name.hasPrefix(folderPrefix) {
      if let owner = Int32(name.dropFirst(folderPrefix.count)) { owners.insert(owner) }
    }
    for name in await namespaces() where name.hasPrefix(NodeNetwork.namePrefix) {
      if let owner = Int32(name.dropFirst(NodeNetwork.namePrefix.count).prefix { $0.isNumber }) { owners.insert(owner) }
    }
    for owner in owners where owner != getpid() && !isRun(owner) { await Leftovers(owner: owner).remove() }
  }

  /// Whether this process is a run, since its id may belong to another program by now.
  private static func isRun(_ pid: Int32) -> Bool {
    guard let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
    return String(decoding: command, as: UTF8.self).split(separator: "\0").first?.hasSuffix("chaos") ?? false
  }

  private static func namespaces() async -> [String] {
    let list = (try? await Shell.run(["ip", "netns", "list"]).output) ?? ""
    return list.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
  }
}

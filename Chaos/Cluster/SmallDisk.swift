import Foundation

/// A file system in memory, mounted at one node's directory, whose free space can be removed and restored.
struct SmallDisk: Sendable {
  let directory: String
  /// Bytes of the file system. Space that is not used takes no memory.
  private static let room = 4 << 30

  /// Mounts a file system at the directory and moves the directory's content into it.
  static func mount(under directory: String) async throws -> SmallDisk {
    let aside = directory + ".aside"
    try FileManager.default.moveItem(atPath: directory, toPath: aside)
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let mounted = try await Shell.run([
      "mount", "-t", "tmpfs", "-o", "size=\(room),mode=0700", "roadbed-chaos", directory,
    ])
    guard mounted.status == 0 else {
      try FileManager.default.removeItem(atPath: directory)
      try FileManager.default.moveItem(atPath: aside, toPath: directory)
      throw ChaosError.setUp("no file system in memory can be mounted: \(mounted.output)")
    }
    try await Shell.succeed(["cp", "-a", "\(aside)/.", "\(directory)/"])
    try FileManager.default.removeItem(atPath: aside)
    return SmallDisk(directory: directory)
  }

  private var ballast: String { "\(directory)/ballast" }

  /// Leaves no free space: reduces the size to little more than what is used, and fills the rest with a file.
  func fill() async throws {
    var info = statvfs()
    guard statvfs(directory, &info) == 0 else { throw ChaosError.file(directory, reason: "no figures of its disk") }
    let used = Int(info.f_blocks - info.f_bfree) * Int(info.f_frsize)
    try await Shell.succeed(["mount", "-o", "remount,size=\(used + (1 << 20))", directory])
    // Writes until the disk is full; the error at the end is expected.
    _ = try await Shell.run(["dd", "if=/dev/zero", "of=\(ballast)", "bs=4096", "status=none"])
  }

  func free() async throws {
    try? FileManager.default.removeItem(atPath: ballast)
    try await Shell.succeed(["mount", "-o", "remount,size=\(SmallDisk.room)", directory])
  }

  /// Unmounts the file system but keeps its files, so that they can be examined after the run.
  func keep() async throws {
    let aside = directory + ".kept"
    try await Shell.succeed(["cp", "-a", directory, aside], seconds: 120)
    // Lazy, because this program still has the node's log file open.
    try await Shell.succeed(["umount", "--lazy", directory])
    try FileManager.default.removeItem(atPath: directory)
    try FileManager.default.moveItem(atPath: aside, toPath: directory)
  }

  func unmount() async { _ = try? await Shell.run(["umount", "--lazy", directory]) }
}

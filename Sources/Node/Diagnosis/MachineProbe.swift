internal import Foundation
internal import NodeCore

/// Asks the system how much room there is: on disks, for files, for descriptors, in memory.
struct MachineProbe: Sendable {
  private let folders: [String]

  init(_ settings: NodeSettings) {
    let index = URL(fileURLWithPath: settings.indexFile).deletingLastPathComponent().path
    folders =
      [settings.logDirectory, settings.snapshotDirectory] + (settings.isIndexEnabled ? [index] : [])
      + [settings.archiveDirectory, settings.logFile.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }]
      .compactMap(\.self)
  }

  /// One for each file system; folders that do not exist are left out.
  func volumes() -> [Observations.Volume] {
    var seen: Set<UInt64> = []
    return folders.compactMap { folder in
      var facts = stat()
      var space = statvfs()
      guard stat(folder, &facts) == 0, seen.insert(UInt64(facts.st_dev)).inserted, statvfs(folder, &space) == 0 else {
        return nil
      }
      // What only root may use is not free for the node.
      let (free, whole) = (UInt64(space.f_bavail), UInt64(space.f_blocks))
      let used = whole - min(UInt64(space.f_bfree), whole)
      func bytes(_ blocks: UInt64) -> UInt64 {
        // A file system may claim more than there can be.
        let (product, overflow) = blocks.multipliedReportingOverflow(by: UInt64(space.f_frsize))
        return overflow ? .max : product
      }
      return Observations.Volume(
        folder: folder, freeBytes: bytes(free), totalBytes: bytes(used.addingReportingOverflow(free).partialValue),
        freeFiles: UInt64(space.f_favail), totalFiles: UInt64(space.f_files))
    }
  }

  #if os(Linux)
    func descriptors() -> Observations.Usage? {
      var limit = rlimit()
      guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
      guard let folder = opendir("/proc/self/fd") else {
        // There is none left to count the others with.
        guard errno == EMFILE else { return nil }
        return Observations.Usage(used: UInt64(limit.rlim_cur), limit: UInt64(limit.rlim_cur))
      }
      defer { closedir(folder) }
      var count: UInt64 = 0
      while readdir(folder) != nil { count += 1 }
      // Without the entries of the folder itself and its parent, and the descriptor that it was read with.
      return Observations.Usage(used: count - min(count, 3), limit: UInt64(limit.rlim_cur))
    }

    /// What the process holds, against the least limit of its control groups, or all memory of the machine.
    func memory() -> Observations.Usage? {
      let page = UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
      guard let text = Self.text("/proc/self/statm"),
        let resident = text.split(separator: " ").dropFirst().first.flatMap({ UInt64($0) })
      else { return nil }
      let all = UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES)))) * page
      return Observations.Usage(used: resident * page, limit: min(all, Self.groupLimit() ?? all))
    }

    /// The least limit of the control groups that the process is in, of version 2; nil if none has one.
    private static func groupLimit() -> UInt64? {
      guard let line = text("/proc/self/cgroup")?.split(separator: "\n").first(where: { $0.hasPrefix("0::") }) else {
        return nil
      }
      var path = Substring(line.dropFirst(3))
      var least: UInt64?
      while true {
        let limit = text("/sys/fs/cgroup\(path == "/" ? "" : path)/memory.max").flatMap {
          UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        if let limit { least = min(least ?? .max, limit) }
        guard path.count > 1, let slash = path.lastIndex(of: "/") else { return least }
        path = slash == path.startIndex ? "/" : path[..<slash]
      }
    }

    private static func text(_ path: String) -> String? {
      FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
  #else
    func descriptors() -> Observations.Usage? { nil }
    func memory() -> Observations.Usage? { nil }
  #endif
}

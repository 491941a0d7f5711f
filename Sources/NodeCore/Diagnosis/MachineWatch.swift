internal import Primitives

/// What the machine lacks, or soon will: room on its disks, files, memory, and a disk that keeps up.
struct MachineWatch: Sendable {
  /// The share of files, descriptors and memory from which on it is a warning, in percent.
  static let high: UInt64 = 90
  /// A sync that takes longer is slow, in microseconds.
  static let slowSync: UInt64 = 500_000
  /// How long a slow sync is named, in microseconds.
  static let syncMemory: UInt64 = 60_000_000

  private var last = Observations()
  private var trends: [String: SpaceTrend] = [:]
  /// Since when each of the findings has held.
  private var began: [Finding.Identity: Tick] = [:]
  private var slow: (first: Tick, last: Tick, longest: UInt64)?

  mutating func observe(_ observations: Observations, _ now: Tick) {
    last = observations
    for volume in observations.volumes { trends[volume.folder, default: SpaceTrend()].note(volume.freeBytes, now) }
    if observations.longestSync > Self.slowSync {
      if let known = slow, now.microseconds(since: known.last) <= Self.syncMemory {
        slow = (known.first, now, max(known.longest, observations.longestSync))
      } else {
        slow = (now, now, observations.longestSync)
      }
    }
    let holding = Set(symptoms(now).map(\.identity))
    began = began.filter { holding.contains($0.key) }
    for key in holding where began[key] == nil { began[key] = now }
  }

  func symptoms(_ now: Tick) -> [Symptom] {
    var symptoms: [Symptom] = []
    for volume in last.volumes {
      if let filling = filling(volume, now) { symptoms.append(filling) }
      let files = Observations.Usage(
        used: volume.totalFiles - min(volume.freeFiles, volume.totalFiles), limit: volume.totalFiles)
      if files.reaches(percent: Self.high) {
        symptoms.append(
          Symptom(
            .inodesFilling, since: now, Finding.Subject(.disk, volume.folder),
            "the file system of \(volume.folder) has room for only \(volume.freeFiles) more files, of \(volume.totalFiles)",
            nextStep: "remove files that nobody needs: `df -i` shows the inodes"))
      }
    }
    if let slow, now.microseconds(since: slow.last) <= Self.syncMemory {
      symptoms.append(
        Symptom(
          .diskSlow, since: slow.first, Finding.Subject(.disk),
          "a write of the log took up to \(slow.longest / 1000) ms to be on the disk, more than \(Self.slowSync / 1000); every "
            + "vote waits for that",
          nextStep: "see what else uses the disk, and whether it is failing: `iostat -x`, `dmesg`"))
    }
    if let usage = last.descriptors, usage.reaches(percent: Self.high) {
      symptoms.append(
        Symptom(
          .descriptors, since: now, Finding.Subject(.descriptors),
          "\(usage.used) of \(usage.limit) file descriptors are in use",
          nextStep: "raise the limit (ulimit -n, LimitNOFILE of systemd), or lower api.connections; restart the node"))
    }
    if let usage = last.memory, usage.reaches(percent: Self.high) {
      symptoms.append(
        Symptom(
          .memory, since: now, Finding.Subject(.memory),
          "the node uses \(usage.used >> 20) MiB of memory, and the limit of its machine or control group is "
            + "\(usage.limit >> 20) MiB: the system may kill it",
          nextStep: "give the node more memory, or lower api.memory and mempool.bytes"))
    }
    return symptoms.map { symptom in
      var symptom = symptom
      if let tick = began[symptom.identity] { symptom.since = min(tick, symptom.since) }
      return symptom
    }
  }

  private func filling(_ volume: Observations.Volume, _ now: Tick) -> Symptom? {
    let left = trends[volume.folder]?.secondsLeft(volume.freeBytes, now)
    let used = Observations.Usage(
      used: volume.totalBytes - min(volume.freeBytes, volume.totalBytes), limit: volume.totalBytes)
    let isSoon = used.reaches(percent: 100 - SpaceTrend.plenty) && (left.map { $0 < SpaceTrend.horizon } ?? false)
    guard isSoon || used.reaches(percent: 100 - SpaceTrend.little) else { return nil }
    let time = left.map { "; at the rate of the last half hour it is full in \(Self.duration($0))" } ?? ""
    return Symptom(
      .diskFilling, since: now, Finding.Subject(.disk, volume.folder),
      "the file system of \(volume.folder) has \(volume.freeBytes >> 20) MiB free of \(volume.totalBytes >> 20)\(time)",
      nextStep:
        "free space or extend it before the log needs its next 64 MiB: a node whose log cannot be written stops voting")
  }

  private static func duration(_ seconds: UInt64) -> String {
    switch seconds {
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h"
    default: "\(seconds / 86_400) days"
    }
  }
}

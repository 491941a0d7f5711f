package import BlockLog

/// A disk in memory on which one call of any kind fails, or that call and all after it.
///
/// What a failing call has done by then is part of the plan, because a real disk may have done nothing, a part, or all
/// of it.
package final class FaultyDisk: Disk {
  package enum Effect: CaseIterable, Sendable {
    case nothing
    /// Half of a write; a file without its reserved bytes; a sync that leaves the bytes visible and forgets them.
    case part
    case everything
  }

  package struct Fault: Sendable {
    /// The number of the failing call, from 0.
    package var call: Int
    package var cause: DiskError.Cause
    package var effect: Effect
    /// Whether all calls after it fail too.
    package var lasts: Bool

    package init(call: Int, cause: DiskError.Cause, effect: Effect, lasts: Bool) {
      self.call = call
      self.cause = cause
      self.effect = effect
      self.lasts = lasts
    }
  }

  /// Counts the calls of one disk, or of several.
  package final class Plan {
    package private(set) var calls = 0
    /// Calls that failed.
    package private(set) var failed = 0
    /// Nil once the disk works again.
    package var fault: Fault?

    package init(_ fault: Fault? = nil) { self.fault = fault }

    /// Counts a call. Returns the fault if the call fails.
    fileprivate func next() -> Fault? {
      defer { calls += 1 }
      guard let fault, calls == fault.call || (fault.lasts && calls > fault.call) else { return nil }
      failed += 1
      return fault
    }
  }

  package let disk = MemoryDisk()
  package let plan: Plan

  package init(_ plan: Plan) { self.plan = plan }

  private func run<Value>(
    _ operation: DiskError.Operation, _ file: String, _ whole: () throws(DiskError) -> Value,
    part: () throws(DiskError) -> Void = {}
  ) throws(DiskError) -> Value {
    guard let fault = plan.next() else { return try whole() }
    switch fault.effect {
    case .nothing: break
    case .part: try part()
    case .everything: _ = try whole()
    }
    throw DiskError(operation, path: file, cause: fault.cause, systemText: "simulated \(fault.cause.rawValue)")
  }

  package func list() throws(DiskError) -> [String] {
    try run(.list, ".") { () throws(DiskError) in try disk.list() }
  }

  package func create(_ file: String, byteCount: Int) throws(DiskError) {
    try run(.create, file) { () throws(DiskError) in
      try disk.create(file, byteCount: byteCount)
    } part: { () throws(DiskError) in
      try disk.create(file, byteCount: 0)
    }
  }

  package func size(of file: String) throws(DiskError) -> Int? {
    try run(.size, file) { () throws(DiskError) in try disk.size(of: file) }
  }

  package func read(_ file: String, at offset: Int, into buffer: inout [UInt8]) throws(DiskError) -> Int {
    // A call that fails may have left anything in the buffer.
    guard let fault = plan.next() else { return try disk.read(file, at: offset, into: &buffer) }
    if fault.effect != .nothing { _ = try disk.read(file, at: offset, into: &buffer) }
    throw DiskError(.read, path: file, cause: fault.cause, systemText: "simulated \(fault.cause.rawValue)")
  }

  package func write(_ file: String, at offset: Int, _ bytes: RawSpan) throws(DiskError) {
    guard let fault = plan.next() else { return try disk.write(file, at: offset, bytes) }
    switch fault.effect {
    case .nothing: break
    case .part: try disk.write(file, at: offset, bytes.extracting(0..<bytes.byteCount / 2))
    case .everything: try disk.write(file, at: offset, bytes)
    }
    throw DiskError(
      .write, path: file, cause: fault.cause, systemText: "simulated \(fault.cause.rawValue)",
      byteCount: bytes.byteCount)
  }

  package func sync(_ file: String) throws(DiskError) {
    try run(.sync, file) { () throws(DiskError) in
      try disk.sync(file)
    } part: { () throws(DiskError) in
      disk.failingSyncs = 1
      defer { disk.failingSyncs = 0 }
      do throws(DiskError) { try disk.sync(file) } catch { return }
    }
  }

  package func syncDirectory() throws(DiskError) {
    try run(.sync, ".") { () throws(DiskError) in try disk.syncDirectory() }
  }

  package func rename(_ file: String, to target: String) throws(DiskError) {
    try run(.rename, file) { () throws(DiskError) in try disk.rename(file, to: target) }
  }

  package func remove(_ file: String) throws(DiskError) {
    try run(.remove, file) { () throws(DiskError) in try disk.remove(file) }
  }
}

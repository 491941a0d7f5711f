internal import Primitives

extension Tick {
  var nanoseconds: UInt64 { rawValue * 1000 }

  /// The first tick at which a time in nanoseconds is over.
  init(nanoseconds: UInt64) { self.init((nanoseconds + 999) / 1000) }
}

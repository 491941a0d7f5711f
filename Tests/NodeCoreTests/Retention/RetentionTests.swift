import NodeCore
import Primitives
import Testing

@Testing.Suite("How much of the log is kept")
struct RetentionTests {
  @Test("Nothing above the snapshot is removed, and no more than the settings allow")
  func limit() {
    let retention = Retention(kept: 10)
    #expect(retention.limit(snapshot: Height(50), tip: Height(100)) == Height(50))
    #expect(retention.limit(snapshot: Height(95), tip: Height(100)) == Height(90))
    #expect(retention.limit(snapshot: Height(5), tip: Height(10)) == nil)
    #expect(retention.limit(snapshot: Height(5), tip: Height(11)) == Height(1))
  }

  @Test("With 0 everything is kept")
  func all() {
    #expect(Retention(kept: 0).limit(snapshot: Height(50), tip: Height(100)) == nil)
  }
}

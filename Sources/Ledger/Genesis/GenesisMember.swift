public import Primitives

/// A member with which the chain starts.
public struct GenesisMember: Hashable, Sendable {
  public var name: Name
  public var description: String
  public var authority: MemberAuthority

  public init(name: Name, description: String, authority: MemberAuthority) {
    self.name = name
    self.description = description
    self.authority = authority
  }

  /// Writes name, description and authority.
  public func encode(into writer: inout Writer) {
    name.encode(into: &writer)
    writer.text(description)
    authority.encode(into: &writer)
  }

  public init(from reader: inout Reader) throws(CodecError) {
    name = try Name(from: &reader, "member")
    description = try reader.textRange(limit: Limits.descriptionBytes, "description").text(in: reader.span)
    authority = try MemberAuthority(from: &reader)
  }
}

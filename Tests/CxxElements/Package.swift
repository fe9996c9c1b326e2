// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "cxx-elements",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "skein", path: "../..")],
  targets: [
    .target(name: "Anchored"),
    .testTarget(
      name: "CxxElementsTests",
      dependencies: [
        "Anchored", .product(name: "Skein", package: "skein"), .product(name: "SkeinDeque", package: "skein"),
      ],
      swiftSettings: [.interoperabilityMode(.Cxx)]),
  ],
  swiftLanguageModes: [.v6]
)

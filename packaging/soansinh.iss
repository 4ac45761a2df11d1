; The Windows installer, for Inno Setup 6. Built on Windows after `pyinstaller packaging\soansinh.spec`:
;     iscc /DVersion=0.1.0 packaging\soansinh.iss
; Written after Inno Setup's manual; not run by our tests, which have no Windows.

#ifndef Version
  #define Version "0.0.0"
#endif

[Setup]
AppId={{6C1D0F0B-6D6B-4E0C-9C41-5B0A3C1B7E52}
AppName=Sổ An Sinh
AppVersion={#Version}
DefaultDirName={autopf}\SoAnSinh
DefaultGroupName=Sổ An Sinh
DisableProgramGroupPage=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
PrivilegesRequiredOverridesAllowed=dialog
SourceDir=..
OutputDir=dist
OutputBaseFilename=soansinh-{#Version}-setup
Compression=lzma2
SolidCompression=yes
UninstallDisplayIcon={app}\soansinh.exe

[Files]
Source: "dist\soansinh\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\Sổ An Sinh"; Filename: "{app}\soansinh.exe"
Name: "{autodesktop}\Sổ An Sinh"; Filename: "{app}\soansinh.exe"; Tasks: desktopicon

[Tasks]
Name: desktopicon; Description: "Biểu tượng trên màn hình nền"

; The registers of communes lie in each officer's own folder and stay when the program is removed.

; The installer of Windows, for one user and without administrator rights: makensis -DVERSION= -DAPP= -DPRODUCT= -DKILOBYTES= mlgui.nsi
;   mlgui-0.1.0-windows-setup.exe /S [/D=C:\folder]     installs silently;  uninstall.exe /S removes silently
Target amd64-unicode
Unicode true
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!define NAME "mlgui"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define CLASS "mlgui.project"

Name "${NAME} ${VERSION}"
OutFile "${PRODUCT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "Software\${NAME}" "InstallDir"
RequestExecutionLevel user
ManifestDPIAware true
SetCompressor /SOLID lzma
SetCompressorDictSize 64
BrandingText " "
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Multilevel regression by point and click"
VIAddVersionKey LegalCopyright "The mlgui authors; GPL-3.0-or-later"

!define MUI_ICON "${APP}/mlgui.ico"
!define MUI_UNICON "${APP}/mlgui.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\mlgui-gui.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!macro RemoveProgram ; only where this program lies: never the like-named folders of somebody else
  ${If} ${FileExists} "$INSTDIR\lib\mlgui\*.*"
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\lib"
  Delete "$INSTDIR\mlgui.exe"
  Delete "$INSTDIR\mlgui-gui.exe"
  Delete "$INSTDIR\mlgui.ico"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\sbom.cdx.json"
  ${EndIf}
!macroend

Section "Install"
  !insertmacro RemoveProgram ; an older version must not mix with this one
  SetOutPath "$INSTDIR"
  File /r "${APP}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\mlgui-gui.exe" "" "$INSTDIR\mlgui.ico"
  WriteRegStr HKCU "Software\${NAME}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\mlgui.ico"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The mlgui authors"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  WriteRegStr HKCU "Software\Classes\.mlgui" "" "${CLASS}"
  WriteRegStr HKCU "Software\Classes\.mlgui" "Content Type" "application/x-mlgui-project"
  WriteRegStr HKCU "Software\Classes\.mlgui\OpenWithProgids" "${CLASS}" ""
  WriteRegStr HKCU "Software\Classes\${CLASS}" "" "mlgui project"
  WriteRegStr HKCU "Software\Classes\${CLASS}\DefaultIcon" "" "$INSTDIR\mlgui.ico"
  WriteRegStr HKCU "Software\Classes\${CLASS}\shell\open\command" "" '"$INSTDIR\mlgui-gui.exe" "%1"'
  ${RefreshShellIcons}
SectionEnd

Section "Uninstall"
  !insertmacro RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; stays where the user has put files of his own
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "Software\${NAME}"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Classes\.mlgui"
  DeleteRegKey HKCU "Software\Classes\${CLASS}"
  ${un.RefreshShellIcons}
SectionEnd

Přehled kontaktního centra: 2024-05-06 – 2024-05-07
Časy v pásmu Europe/Prague.

                                     den předtím  týden předtím
Interakce                       42             0              0
Příchozí do fronty              27             0              0
Přijaté                         17             0              0
Zavěšené                         4             0              0
Podíl zavěšených            14,8 %    není známo     není známo
Úroveň služby (20 s)        64,0 %    není známo     není známo  25 / 27
Rychlost přijetí             6,9 s    není známo     není známo
Doba obsluhy                  1:48    není známo     není známo
Nejdelší čekání               30 s    není známo     není známo

Vstupy do front: půlhodiny  █▓░ přijaté, zavěšené, jiné
03:00    15   50,0 %  ██████████████████████████████▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░░░░░
03:30     6  100,0 %  ███████████████████████
04:00     6   60,0 %  ███████████▓▓▓▓▓▓▓▓░░░░

Úroveň služby (20 s)  ▅█▅

Fronty                              Příchozí do fronty   Zavěšené  Úroveň služby
售后支持                                            20          3         68,4 %
销售                                                 6          1         40,0 %
Zhao Bo                                              1          0        100,0 %

Přehled kontaktního centra: 2024-05-06
Časy v pásmu Europe/Prague.

                              den předtím  týden předtím
Interakce                 42            0              0
Příchozí do fronty        29            0              0
Přijaté                   18            0              0
Zavěšené                   5            0              0
Podíl zavěšených      17,2 %   není známo     není známo
Úroveň služby (20 s)  63,0 %   není známo     není známo  27 / 29
Rychlost přijetí       7,4 s   není známo     není známo
Doba obsluhy            1:48   není známo     není známo
Nejdéle do přijetí      30 s   není známo     není známo
Nejdéle do zavěšení     1:00   není známo     není známo

Vstupy do front: půlhodiny  █▓░ přijaté, zavěšené, jiné
03:00    15   50,0 %  ███████████████████████████████▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░░░░░
03:30     6  100,0 %  ███████████████████████
04:00     8   57,1 %  ███████████████▓▓▓▓▓▓▓▓▓▓▓▓░░░░

Úroveň služby (20 s)  ▅█▅

Fronty    Dodavatel  Příchozí do fronty   Zavěšené  Úroveň služby
售后支持  alibaba                    21          3         70,0 %
销售      alibaba                     7          2         33,3 %
Zhao Bo   alibaba                     1          0        100,0 %
